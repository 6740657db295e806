// history and metrics: how things went over time, and the counts behind it.
#include "cli/commands/commands.h"
#include "cli/commands/describe.h"
#include "cli/output/proto_json.h"
#include "cli/output/table.h"
#include "cli/output/text.h"
#include "engine/ipc/times/time_text.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>

namespace mm::cli {
namespace {

using Observability = v1::ObservabilityService::StubInterface;

Result<google::protobuf::Timestamp> momentOf(const char* flag, const std::string& text) {
    if (auto time = readTime(text, WallTime::clock::now()))
        return *time;
    return invalidField(flag, std::string("must be ") + kTimeText + ", not '" + text + "'");
}

std::string shortNumber(double value) {
    std::array<char, 32> text{};
    const bool isWhole = value == static_cast<double>(static_cast<std::int64_t>(value));
    std::snprintf(text.data(), text.size(), isWhole || value >= 1'000 ? "%.0f" : value >= 10 ? "%.1f" : "%.3g", value);
    return text.data();
}

std::string cell(const v1::HistorySeries& series, double value) {
    return series.unit() == "bytes" ? megabytes(value / (1024.0 * 1024.0)) : shortNumber(value);
}

class History final : public Command {
public:
    History() {
        m_declaration = {
            .name = "history",
            .summary = "Show how the machine or a model did over time.",
            .flags = {{"--model", "MODEL", "Of this model; otherwise of the machine and all models together.",
                       "--model org/repo", &m_model},
                      {"--since", "TIME", "From then on; otherwise the last hour.", "--since 6h", &m_since},
                      {"--until", "TIME", "Until then; otherwise until now.", "--until 1h", &m_until},
                      {"--resolution", "SECONDS", "10, 60 or 900; otherwise the finest there is of that time.",
                       "--resolution 60", &m_resolution},
                      {"--series", "NAME", "Only this series; repeatable.", "--series latency_p95_ms", &m_series},
                      {"--limit", "N", "At most so many lines, the newest; otherwise 30.", "--limit 100", &m_limit}},
            .examples = {"modelmora history", "modelmora history --model org/repo --since 24h",
                         "modelmora history --since 7d --series requests_per_second --json"},
            .details = "Kept are 10 seconds for an hour, minutes for a day and quarters of an hour for a week, across "
                       "restarts."};
    }

    Result<ExitCode> run(Context& context) override {
        v1::GetHistoryRequest request;
        request.set_model_id(m_model);
        if (!m_since.empty()) {
            MM_TRY(*request.mutable_from(), momentOf("--since", m_since));
        }
        if (!m_until.empty()) {
            MM_TRY(*request.mutable_to(), momentOf("--until", m_until));
        }
        request.set_resolution_seconds(m_resolution);
        for (const std::string& name : m_series)
            request.add_series(name);
        MM_TRY(const auto report, context.engine().call(&Observability::GetHistory, request));
        context.show(report, [&] { return describe(report, context.terminal); });
        return ExitCode::Ok;
    }

private:
    // What fits a screen, unless series were named.
    [[nodiscard]] bool isShown(const v1::HistorySeries& series) const {
        static const std::array<std::string_view, 9> kUsual{
            "requests_per_second", "failures_per_second", "inputs_per_second",   "latency_p50_ms", "latency_p95_ms",
            "latency_p99_ms",      "cpu_percent",         "models_memory_bytes", "memory_bytes"};
        return !m_series.empty() || std::find(kUsual.begin(), kUsual.end(), series.name()) != kUsual.end();
    }

    [[nodiscard]] std::string describe(const v1::HistoryReport& report, const Terminal& terminal) const {
        std::vector<Table::Column> columns{{"TIME"}};
        std::map<std::int64_t, std::vector<std::string>> rows;
        std::size_t shown = 0;
        for (const v1::HistorySeries& series : report.series())
            shown += isShown(series) ? 1 : 0;
        std::size_t at = 0;
        for (const v1::HistorySeries& series : report.series()) {
            if (!isShown(series))
                continue;
            columns.push_back({printable(series.name()), Table::Align::Right});
            ++at;
            for (const v1::HistoryPoint& point : series.points()) {
                auto& row = rows[point.at().seconds()];
                row.resize(shown + 1);
                row.front() = timeOf(point.at());
                row.at(at) = cell(series, point.value());
            }
        }
        if (rows.empty())
            return "Nothing is known of this time.\n";
        Table table(columns);
        const auto most = static_cast<std::size_t>(m_limit > 0 ? m_limit : kUsualRows);
        std::size_t skipped = rows.size() > most ? rows.size() - most : 0;
        for (const auto& [seconds, row] : rows)
            if (skipped == 0)
                table.add({row.begin(), row.end()});
            else
                --skipped;
        return table.render(titlePainter(terminal));
    }

    static constexpr int kUsualRows = 30;
    std::string m_model;
    std::string m_since;
    std::string m_until;
    int m_resolution = 0;
    int m_limit = 0;
    std::vector<std::string> m_series;
};

class Metrics final : public Command {
public:
    Metrics() {
        m_declaration = {.name = "metrics",
                         .summary = "Print the metrics as Prometheus reads them.",
                         .examples = {"modelmora metrics", "modelmora metrics | grep modelmora_queue"}};
    }

    Result<ExitCode> run(Context& context) override {
        MM_TRY(const auto metrics, context.engine().call(&Observability::GetMetrics, v1::GetMetricsRequest()));
        context.show(metrics, [&] { return metrics.text(); });
        return ExitCode::Ok;
    }
};

} // namespace

std::unique_ptr<Command> makeHistory() {
    return std::make_unique<History>();
}
std::unique_ptr<Command> makeMetrics() {
    return std::make_unique<Metrics>();
}

} // namespace mm::cli
