#include "cli/commands/measure/top_view.h"

#include "cli/output/text.h"
#include "engine/ipc/enum_name.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace mm::cli {
namespace {

constexpr std::size_t kNarrow = 64; // columns, below which a model has no room for its memory's peak and device
constexpr std::size_t kFewestRows = 1;

std::string idOf(const std::string& model, const std::string& version) {
    return version.empty() ? model : model + "@" + version;
}

std::string rate(double perSecond) {
    return humanNumber(perSecond, perSecond < 9.95 ? 1 : 0) + "/s";
}

struct Row {
    std::string model;
    v1::ModelState state = v1::MODEL_STATE_UNSPECIFIED;
    std::string doing; // beside the state: how far a load is
    double bytes = 0;
    int running = 0;
    int waiting = 0;
    TopRates rates;
    std::string reason;
};

// Models that have a worker or whom somebody waits for; the busiest first.
std::vector<Row> rowsOf(const TopReading& now, const std::map<std::string, TopRates>& rates) {
    std::map<std::string, Row> rows;
    for (const auto& model : now.status.loaded_models()) {
        Row& row = rows[idOf(model.model_id(), model.version())];
        row.state = model.state();
        row.bytes = static_cast<double>(model.measured_bytes());
        row.reason = model.reason();
        if (model.has_load_progress())
            row.doing = humanNumber(model.load_progress().percent(), 0) + " %";
        if (model.pinned())
            row.doing += row.doing.empty() ? "pinned" : ", pinned";
    }
    for (const auto& model : now.queue.models()) {
        const std::string id = idOf(model.model_id(), model.version());
        if (!rows.contains(id) && model.waiting() == 0 && model.running() == 0)
            continue;
        Row& row = rows[id];
        row.running = model.running();
        row.waiting = model.waiting();
        if (!model.reason().empty())
            row.reason = model.reason();
    }
    std::vector<Row> sorted;
    for (auto& [id, row] : rows) {
        row.model = id;
        if (const auto found = rates.find(id); found != rates.end())
            row.rates = found->second;
        sorted.push_back(std::move(row));
    }
    std::stable_sort(sorted.begin(), sorted.end(), [](const Row& a, const Row& b) {
        return std::make_tuple(a.running + a.waiting > 0, a.rates.inputs, a.bytes) >
               std::make_tuple(b.running + b.waiting > 0, b.rates.inputs, b.bytes);
    });
    return sorted;
}

class Page {
public:
    Page(const TopReading& now, const TopStyle& style) : m_now(now), m_style(style) {}

    std::vector<std::string> lines(const std::map<std::string, TopRates>& rates, const std::string& engine) {
        head(engine, rates);
        for (const auto& device : m_now.memory.devices())
            memory(device);
        queue();
        models(rowsOf(m_now, rates));
        if (m_style.lines > 0 && m_lines.size() > m_style.lines)
            m_lines.resize(m_style.lines);
        return std::move(m_lines);
    }

private:
    std::string painted(Colour colour, const std::string& text) const {
        return m_style.paint ? m_style.paint(colour, text) : text;
    }
    void add(const std::string& line) { m_lines.push_back(clipped(line, m_style.columns)); }
    void add(Colour colour, const std::string& line) {
        m_lines.push_back(painted(colour, clipped(line, m_style.columns)));
    }

    void head(const std::string& engine, const std::map<std::string, TopRates>& rates) {
        if (!m_now.problem.empty())
            add(Colour::Red, printable(m_now.problem));
        TopRates all;
        for (const auto& [model, each] : rates)
            all = {all.requests + each.requests, all.inputs + each.inputs};
        const auto& status = m_now.status;
        add(Colour::Bold, "ModelMora " + printable(status.version()) + "  " + printable(engine) + "  up " +
                              humanUptime(status.uptime_seconds()));
        std::string machine = rate(all.requests) + " requests  " + rate(all.inputs) + " inputs";
        if (status.resources().has_cpu_percent())
            machine += "  cpu " + humanNumber(status.resources().cpu_percent(), 0) + " %";
        add(machine + "  engine " + humanBytes(status.engine_memory_mb() * 1024 * 1024));
    }

    void memory(const v1::DeviceLedger& device) {
        const auto held = static_cast<double>(device.reserved_bytes() + device.committed_bytes());
        const auto total = static_cast<double>(device.total_bytes());
        const std::string name = printable(device.device());
        const std::string text =
            " " + humanBytes(held) + " of " + humanBytes(static_cast<double>(device.budget_bytes()));
        const std::size_t beside = displayWidth(name) + 1 + displayWidth(text);
        constexpr std::size_t kLeast = 10;
        if (m_style.columns < beside + kLeast)
            return add(name + text);
        const std::string bar = memoryBar(held, static_cast<double>(device.other_programs_bytes()), total,
                                          std::min<std::size_t>(m_style.columns - beside, 60));
        const bool isShort = device.free_bytes() < device.budget_bytes() / 10;
        m_lines.push_back(name + " " + painted(isShort ? Colour::Yellow : Colour::Green, bar) + text);
    }

    void queue() {
        const auto& depth = m_now.queue.depth();
        const int waiting =
            depth.critical_priority() + depth.high_priority() + depth.medium_priority() + depth.low_priority();
        std::string line =
            "queue " + std::to_string(m_now.queue.running()) + " running, " + std::to_string(waiting) + " waiting";
        if (waiting > 0)
            line += " (" + std::to_string(depth.critical_priority()) + " critical, " +
                    std::to_string(depth.high_priority()) + " high, " + std::to_string(depth.medium_priority()) +
                    " normal, " + std::to_string(depth.low_priority()) + " low)";
        add(line);
    }

    // All columns but the model's name, in the order in which they are given up.
    [[nodiscard]] std::vector<std::string> cells(const Row& row) const {
        std::vector<std::string> all{std::to_string(row.running), std::to_string(row.waiting), rate(row.rates.inputs)};
        if (m_style.columns >= kNarrow) {
            all.push_back(rate(row.rates.requests));
            all.push_back(row.bytes > 0 ? humanBytes(row.bytes) : "-");
        }
        return all;
    }
    [[nodiscard]] std::vector<std::string> titles() const {
        if (m_style.columns >= kNarrow)
            return {"RUN", "WAIT", "INPUTS", "REQUESTS", "MEMORY"};
        return {"RUN", "WAIT", "INPUTS"};
    }

    void models(const std::vector<Row>& rows) {
        if (rows.empty())
            return add("no model is loaded");
        const std::vector<std::string> heads = titles();
        std::vector<std::size_t> widths;
        for (const std::string& title : heads)
            widths.push_back(displayWidth(title));
        std::size_t longest = displayWidth("MODEL");
        for (const Row& row : rows) {
            const auto texts = cells(row);
            for (std::size_t i = 0; i < texts.size(); ++i)
                widths[i] = std::max(widths[i], displayWidth(texts[i]));
            longest = std::max(longest, displayWidth(printable(row.model)));
        }
        std::size_t rest = 0;
        for (const std::size_t width : widths)
            rest += width + 1;
        constexpr std::size_t kState = 9; // "unhealthy"
        rest += kState + 1;
        const std::size_t name = std::min(longest, m_style.columns > rest + 8 ? m_style.columns - rest : 8);
        m_lines.emplace_back();
        add(Colour::Bold, joined(padded("MODEL", name), padded("STATE", kState), heads, widths));
        const std::size_t used = m_lines.size();
        std::size_t room = rows.size();
        if (m_style.lines > 0)
            room = m_style.lines > used + kFewestRows ? m_style.lines - used : kFewestRows;
        const std::size_t shown = rows.size() <= room ? rows.size() : std::max<std::size_t>(room, 2) - 1;
        for (std::size_t i = 0; i < std::min(shown, rows.size()); ++i)
            model(rows[i], name, kState, widths);
        if (shown < rows.size())
            add(Colour::Dim, "and " + std::to_string(rows.size() - shown) + " more");
    }

    void model(const Row& row, std::size_t name, std::size_t stateWidth, const std::vector<std::size_t>& widths) {
        std::string state = row.state == v1::MODEL_STATE_UNSPECIFIED ? "unloaded" : std::string(enumName(row.state));
        const Colour colour = row.state == v1::MODEL_STATE_LOADED      ? Colour::Green
                              : row.state == v1::MODEL_STATE_UNHEALTHY ? Colour::Red
                                                                       : Colour::Yellow;
        std::string line = joined(padded(clipped(printable(row.model), name), name),
                                  painted(colour, padded(state, stateWidth)), cells(row), widths);
        const std::string beside = row.doing.empty() ? row.reason : row.doing;
        std::size_t used = name + 1 + stateWidth;
        for (const std::size_t width : widths)
            used += width + 1;
        if (!beside.empty() && m_style.columns > used + 4)
            line += "  " + clipped(printable(beside), m_style.columns - used - 2);
        m_lines.push_back(line);
    }

    static std::string padded(const std::string& text, std::size_t width) {
        return text + std::string(width - std::min(width, displayWidth(text)), ' ');
    }

    static std::string joined(const std::string& name, const std::string& state, const std::vector<std::string>& texts,
                              const std::vector<std::size_t>& widths) {
        std::string line = name + " " + state;
        for (std::size_t i = 0; i < texts.size(); ++i)
            line += " " + std::string(widths[i] - std::min(widths[i], displayWidth(texts[i])), ' ') + texts[i];
        return line;
    }

    const TopReading& m_now;
    const TopStyle& m_style;
    std::vector<std::string> m_lines;
};

} // namespace

std::map<std::string, TopRates> ratesBetween(const TopReading& before, const TopReading& now) {
    const double seconds = std::chrono::duration<double>(now.at - before.at).count();
    std::map<std::string, TopRates> rates;
    if (seconds <= 0)
        return rates;
    std::map<std::string, const v1::ModelQueue*> earlier;
    for (const auto& model : before.queue.models())
        earlier[idOf(model.model_id(), model.version())] = &model;
    const bool isSame = before.status.pid() == now.status.pid();
    for (const auto& model : now.queue.models()) {
        const std::string id = idOf(model.model_id(), model.version());
        const auto found = earlier.find(id);
        auto requests = model.requests_finished();
        auto inputs = model.inputs_finished();
        if (isSame && found != earlier.end() && found->second->inputs_finished() <= inputs) {
            requests -= found->second->requests_finished();
            inputs -= found->second->inputs_finished();
        }
        rates[id] = {std::max(0.0, static_cast<double>(requests)) / seconds, static_cast<double>(inputs) / seconds};
    }
    return rates;
}

std::string memoryBar(double used, double others, double total, std::size_t columns) {
    if (columns < 3)
        return {};
    const std::size_t inner = columns - 2;
    const auto share = [&](double part) {
        const double cells = total > 0 ? part / total * static_cast<double>(inner) : 0;
        return static_cast<std::size_t>(std::clamp(std::round(cells), 0.0, static_cast<double>(inner)));
    };
    // What is held shows, however little it is.
    const std::size_t ours = std::max<std::size_t>(share(used), used > 0 ? 1 : 0);
    const std::size_t theirs = std::min(share(others), inner - ours);
    return "[" + std::string(ours, '#') + std::string(theirs, '-') + std::string(inner - ours - theirs, ' ') + "]";
}

std::vector<std::string> topLines(const TopReading& now, const std::map<std::string, TopRates>& rates,
                                  const std::string& engine, const TopStyle& style) {
    return Page(now, style).lines(rates, engine);
}

} // namespace mm::cli
