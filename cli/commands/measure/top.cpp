// top: a screen of models, memory, queue and rates, kept up to date; once where there is no terminal.
#include "cli/commands/commands.h"
#include "cli/commands/measure/top_view.h"
#include "cli/output/proto_json.h"
#include "cli/output/screen.h"

#include <nlohmann/json.hpp>

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace mm::cli {
namespace {

using Management = v1::ManagementService::StubInterface;
using Inference = v1::InferenceService::StubInterface;
using std::chrono::steady_clock;

constexpr int kMostSeconds = 3600;
constexpr int kPatience = 3; // seconds that an answer may take

Result<TopReading> look(EngineClient& engine) {
    TopReading reading;
    v1::GetQueueRequest request;
    request.set_limit(1); // the models and clients count, not the single requests
    MM_TRY(reading.status, engine.call(&Management::GetSystemStatus, v1::GetSystemStatusRequest(), kPatience));
    MM_TRY(reading.memory, engine.call(&Management::GetMemory, v1::GetMemoryRequest(), kPatience));
    MM_TRY(reading.queue, engine.call(&Inference::GetQueue, request, kPatience));
    reading.at = steady_clock::now();
    return reading;
}

nlohmann::ordered_json toJson(const TopReading& reading) {
    nlohmann::ordered_json all;
    all["status"] = cli::toJson(reading.status);
    all["memory"] = cli::toJson(reading.memory);
    all["queue"] = cli::toJson(reading.queue);
    return all;
}

// Looks again and again on a thread of its own, so that the screen answers its keys while the engine does not.
class Feed {
public:
    Feed(EngineClient& engine, std::chrono::seconds pause, TopReading first, std::function<void()> changed)
        : m_engine(engine), m_pause(pause), m_changed(std::move(changed)), m_now(std::move(first)), m_thread([this] {
            run();
        }) {}
    ~Feed() {
        {
            const std::lock_guard lock(m_mutex);
            m_isOver = true;
        }
        m_wake.notify_all();
        m_thread.join();
    }
    Feed(const Feed&) = delete;
    Feed& operator=(const Feed&) = delete;

    [[nodiscard]] std::pair<TopReading, std::map<std::string, TopRates>> now() const {
        const std::lock_guard lock(m_mutex);
        return {m_now, m_rates};
    }

private:
    void run() {
        std::unique_lock lock(m_mutex);
        while (!m_wake.wait_for(lock, m_pause, [this] { return m_isOver; })) {
            lock.unlock();
            Result<TopReading> next = look(m_engine);
            lock.lock();
            if (next.ok()) {
                m_rates = ratesBetween(m_now, *next);
                m_now = std::move(*next);
            } else {
                m_now.problem = next.error().message;
                m_rates.clear();
            }
            m_changed();
        }
    }

    EngineClient& m_engine;
    std::chrono::seconds m_pause;
    std::function<void()> m_changed;
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    TopReading m_now;
    std::map<std::string, TopRates> m_rates;
    bool m_isOver = false;
    std::thread m_thread;
};

class Top final : public Command {
public:
    Top() {
        m_declaration = {
            .name = "top",
            .summary = "Show models, memory, queue and rates on a screen that is kept up to date.",
            .flags = {{"--interval,-i", "SECONDS", "Between two looks; otherwise 1.", "--interval 5", &m_interval},
                      {"--once", "", "Show it once, with the rates of one interval, and end.", "--once", &m_once}},
            .examples = {"modelmora top", "modelmora top --interval 5", "modelmora top --once --json"},
            .details = "q ends it. Where the output is no terminal it is shown once; with --json, as JSON."};
    }

    Result<ExitCode> run(Context& context) override {
        if (m_interval < 1 || m_interval > kMostSeconds)
            return Error{ErrorCode::ValidationError, "--interval is a number of seconds from 1 to 3600."};
        const bool isLive = !m_once && !context.options.json && context.terminal.isScreen();
        if (isLive)
            Screen::claimSignals();
        MM_TRY(TopReading first, look(context.engine()));
        if (context.options.json) {
            context.terminal.print(jsonText(toJson(first)));
            return ExitCode::Ok;
        }
        return isLive ? live(context, std::move(first)) : once(context, std::move(first));
    }

private:
    Result<ExitCode> once(Context& context, TopReading first) const {
        std::map<std::string, TopRates> rates;
        if (m_once) {
            std::this_thread::sleep_for(std::chrono::seconds(m_interval));
            MM_TRY(TopReading second, look(context.engine()));
            rates = ratesBetween(first, second);
            first = std::move(second);
        }
        constexpr std::size_t kWide = 120;
        const std::size_t width = context.terminal.width();
        for (const std::string& line :
             topLines(first, rates, context.options.engine, {width > 0 ? width : kWide, 0, painter(context.terminal)}))
            context.terminal.print(line + "\n");
        return ExitCode::Ok;
    }

    Result<ExitCode> live(Context& context, TopReading first) const {
        EngineClient& engine = context.engine();
        MM_CHECK(context.terminal.flush());
        MM_TRY(const std::unique_ptr<Screen> screen, Screen::open());
        Feed feed(engine, std::chrono::seconds(m_interval), std::move(first), [&] { screen->wake(); });
        while (true) {
            const auto [now, rates] = feed.now();
            const Screen::Size size = Screen::size();
            screen->show(
                topLines(now, rates, context.options.engine, {size.columns, size.lines, painter(context.terminal)}));
            const Screen::Happening happened = screen->wait(m_interval * 1000);
            const bool isQuit = happened.event == Screen::Event::Key && (happened.key == 'q' || happened.key == 'Q');
            if (!isQuit && happened.event != Screen::Event::End)
                continue;
            screen->close(); // at once: a look that is under way may last
            return happened.signal == 0 ? ExitCode::Ok : endedBy(happened.signal);
        }
    }

    static std::function<std::string(Colour, const std::string&)> painter(const Terminal& terminal) {
        return [&terminal](Colour colour, const std::string& text) { return terminal.paint(colour, text); };
    }

    int m_interval = 1;
    bool m_once = false;
};

} // namespace

std::unique_ptr<Command> makeTop() {
    return std::make_unique<Top>();
}

} // namespace mm::cli
