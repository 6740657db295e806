#include "cli/commands/measure/bench_run.h"

#include "engine/base/error.h"

#include <atomic>
#include <barrier>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace mm::cli {
namespace {

using std::chrono::steady_clock;
using Inference = v1::InferenceService::StubInterface;

constexpr int kWarmUps = 2;
constexpr auto kGlance = std::chrono::milliseconds(100);
constexpr auto kBreath = std::chrono::milliseconds(20); // after a failure, so that a refusal is not asked in a rush

class Run {
public:
    explicit Run(const BenchOrder& order)
        : m_order(order), m_start(order.concurrency + 1, Start{this}), m_left(order.concurrency) {}

    BenchOutcome go(const std::function<void(double)>& progress) {
        std::vector<std::thread> clients;
        std::vector<BenchTally> tallies(static_cast<std::size_t>(m_order.concurrency));
        for (BenchTally& tally : tallies)
            clients.emplace_back([this, &tally] { ask(tally); });
        m_start.arrive_and_wait();
        {
            std::unique_lock lock(m_mutex);
            while (!m_over.wait_for(lock, kGlance, [this] { return m_left == 0; }))
                progress(part());
        }
        const double seconds = std::chrono::duration<double>(steady_clock::now() - m_began).count();
        for (std::thread& client : clients)
            client.join();
        BenchOutcome outcome{seconds, {}};
        for (const BenchTally& tally : tallies)
            outcome.tally.add(tally);
        return outcome;
    }

private:
    // Runs once all clients are there, before any of them goes on.
    struct Start {
        Run* run;
        void operator()() noexcept { run->m_began = steady_clock::now(); }
    };

    void ask(BenchTally& tally) {
        EngineClient::Options options = m_order.engine;
        options.isAlone = true;
        EngineClient engine(options);
        for (int i = 0; i < kWarmUps; ++i)
            (void)engine.call(&Inference::Infer, next(), EngineClient::kInferSeconds);
        m_start.arrive_and_wait();
        while (mayGoOn()) {
            const auto asked = steady_clock::now();
            const auto answer = engine.call(&Inference::Infer, next(), EngineClient::kInferSeconds);
            const std::chrono::duration<double, std::milli> took = steady_clock::now() - asked;
            m_done.fetch_add(1);
            if (answer.ok()) {
                tally.add(took.count(), answer->metadata());
                continue;
            }
            ++tally.failures[std::string(errorName(answer.error().code))];
            if (tally.firstFailure.empty())
                tally.firstFailure = answer.error().message;
            std::this_thread::sleep_for(kBreath);
        }
        const std::lock_guard lock(m_mutex);
        --m_left;
        m_over.notify_all();
    }

    const v1::InferenceRequest& next() { return m_order.requests[m_next.fetch_add(1) % m_order.requests.size()]; }

    bool mayGoOn() {
        if (m_order.count > 0)
            return m_taken.fetch_add(1) < m_order.count;
        return steady_clock::now() - m_began < m_order.duration;
    }

    [[nodiscard]] double part() const {
        if (m_order.count > 0)
            return static_cast<double>(m_done.load()) / static_cast<double>(m_order.count);
        return std::chrono::duration<double>(steady_clock::now() - m_began) /
               std::chrono::duration<double>(m_order.duration);
    }

    const BenchOrder& m_order;
    std::barrier<Start> m_start;
    steady_clock::time_point m_began;
    std::atomic<std::size_t> m_next{0};
    std::atomic<std::int64_t> m_taken{0};
    std::atomic<std::int64_t> m_done{0};
    std::mutex m_mutex;
    std::condition_variable m_over;
    int m_left;
};

} // namespace

BenchOutcome runBench(const BenchOrder& order, const std::function<void(double)>& progress) {
    return Run(order).go(progress);
}

} // namespace mm::cli
