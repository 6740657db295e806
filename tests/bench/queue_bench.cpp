// How fast the request queue is with 100,000 waiting, and whether its order is right when eight producers hand over at
// once. Prints one line of JSON; ends with 1 where the order was wrong.
#include "engine/inference/queue/request_queue.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <tuple>
#include <vector>

namespace {

using namespace mm;
using namespace mm::inference;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kDepth = 100'000;
constexpr std::size_t kOperations = 4'000'000;
constexpr std::uint32_t kClients = 64;
constexpr std::uint32_t kModels = 8;
constexpr int kProducers = 8;
constexpr std::size_t kPerProducer = 100'000;

struct Random {
    std::uint64_t state;
    std::uint32_t operator()(std::uint32_t limit) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        return static_cast<std::uint32_t>((state >> 33U) % limit);
    }
};

RequestQueue::Item anItem(std::uint64_t id, Random& random) {
    return {id, random(kClients), random(kModels), static_cast<int>(random(kLevels)), 0};
}

// What comes is as urgent as what goes, so that the level taken from stays as deep as it was: were it any level, all
// but the lowest would soon be empty, and the measurement easy.
RequestQueue::Item anUrgentItem(std::uint64_t id, Random& random) {
    return {id, random(kClients), random(kModels), kLevels - 1, 0};
}

RequestQueue openQueue() {
    RequestQueue queue;
    for (std::uint32_t model = 0; model < kModels; ++model)
        queue.setOpen(model, 0);
    return queue;
}

void takeOne(RequestQueue& queue) {
    const auto item = queue.takeNext();
    queue.charge(item->client, item->level, 1000);
    queue.settle(item->client, item->level);
}

double operationsPerSecond(RequestQueue& queue, Random& random) {
    const Instant now = SteadyClock::now();
    const auto start = SteadyClock::now();
    for (std::size_t i = 0; i < kOperations / 2; ++i) {
        queue.push(anUrgentItem(i, random), now);
        takeOne(queue);
    }
    return static_cast<double>(kOperations) / std::chrono::duration<double>(SteadyClock::now() - start).count();
}

struct Percentiles {
    std::int64_t p50;
    std::int64_t p99;
};

Percentiles percentiles(std::vector<std::int64_t>& nanoseconds) {
    std::sort(nanoseconds.begin(), nanoseconds.end());
    return {nanoseconds[nanoseconds.size() / 2], nanoseconds[nanoseconds.size() * 99 / 100]};
}

std::pair<Percentiles, Percentiles> latencies(RequestQueue& queue, Random& random) {
    constexpr std::size_t kSamples = 500'000;
    std::vector<std::int64_t> in;
    std::vector<std::int64_t> out;
    in.reserve(kSamples);
    out.reserve(kSamples);
    const auto since = [](SteadyClock::time_point start) { return (SteadyClock::now() - start).count(); };
    for (std::size_t i = 0; i < kSamples; ++i) {
        const RequestQueue::Item item = anUrgentItem(i, random);
        const auto pushed = SteadyClock::now();
        queue.push(item, pushed);
        in.push_back(since(pushed));
        const auto taken = SteadyClock::now();
        takeOne(queue);
        out.push_back(since(taken));
    }
    return {percentiles(in), percentiles(out)};
}

// The same order by ordered sets: a client's items by sequence, clients by time and that.
class PlainOrder {
public:
    void push(const RequestQueue::Item& item) {
        Flow& flow = m_flows[{item.level, item.client}];
        if (flow.waiting.empty())
            flow.time = flow.known ? std::max(flow.time, m_served[item.level] - kCredit) : m_served[item.level];
        else
            m_turns.erase(turn(item.level, item.client));
        flow.known = true;
        flow.waiting.emplace(item.sequence, item.id);
        m_turns.insert(turn(item.level, item.client));
    }
    std::uint64_t take() {
        const auto [level, time, sequence, client] = *m_turns.begin();
        m_turns.erase(m_turns.begin());
        Flow& flow = m_flows[{-level, client}];
        double& served = m_served[-level];
        flow.time = std::max(flow.time, served - kCredit);
        served = std::max(served, flow.time);
        const std::uint64_t id = flow.waiting.begin()->second;
        flow.waiting.erase(flow.waiting.begin());
        flow.time += 1000;
        if (!flow.waiting.empty())
            m_turns.insert(turn(-level, client));
        return id;
    }

private:
    static constexpr double kCredit = 100'000;
    struct Flow {
        double time = 0;
        bool known = false;
        std::map<std::uint64_t, std::uint64_t> waiting;
    };
    using Turn = std::tuple<int, double, std::uint64_t, std::uint32_t>;
    Turn turn(int level, std::uint32_t client) {
        const Flow& flow = m_flows[{level, client}];
        return {-level, flow.time, flow.waiting.begin()->first, client};
    }

    std::map<std::pair<int, std::uint32_t>, Flow> m_flows;
    std::map<int, double> m_served;
    std::set<Turn> m_turns;
};

// Producers hand over under a lock, as faces do to the engine thread, which owns the queue and takes meanwhile.
std::size_t wrongUnderProducers() {
    std::mutex mutex;
    std::vector<RequestQueue::Item> handed;
    std::atomic<int> left{kProducers};
    std::vector<std::thread> producers;
    producers.reserve(kProducers);
    for (int producer = 0; producer < kProducers; ++producer)
        producers.emplace_back([&, producer] {
            Random random{static_cast<std::uint64_t>(producer) + 1};
            for (std::size_t i = 0; i < kPerProducer; ++i) {
                const std::lock_guard lock(mutex);
                handed.push_back(anItem(static_cast<std::uint64_t>(producer) * kPerProducer + i, random));
            }
            --left;
        });
    RequestQueue queue = openQueue();
    PlainOrder plain;
    std::size_t wrong = 0;
    std::size_t taken = 0;
    while (taken < kProducers * kPerProducer) {
        std::vector<RequestQueue::Item> mine;
        {
            const std::lock_guard lock(mutex);
            mine.swap(handed);
        }
        for (const RequestQueue::Item& item : mine)
            plain.push(queue.at(queue.push(item, {})));
        for (std::size_t some = mine.size() / 2 + 1; some > 0 || left == 0; --some) {
            const auto item = queue.takeNext();
            if (!item)
                break;
            queue.charge(item->client, item->level, 1000);
            queue.settle(item->client, item->level);
            wrong += item->id == plain.take() ? 0 : 1;
            ++taken;
        }
    }
    for (std::thread& producer : producers)
        producer.join();
    return wrong;
}

} // namespace

int main() {
    Random random{42};
    RequestQueue queue = openQueue();
    for (std::size_t i = 0; i < kDepth; ++i)
        queue.push(anItem(i, random), {});
    const double rate = operationsPerSecond(queue, random);
    const auto [in, out] = latencies(queue, random);
    const std::size_t wrong = wrongUnderProducers();
    std::printf(
        "{\"waiting\": %zu, \"operations_per_second\": %.0f, \"in_p50_ns\": %lld, \"in_p99_ns\": %lld, "
        "\"out_p50_ns\": %lld, \"out_p99_ns\": %lld, \"producers\": %d, \"taken\": %zu, \"out_of_order\": %zu}\n",
        queue.waiting(), rate, static_cast<long long>(in.p50), static_cast<long long>(in.p99),
        static_cast<long long>(out.p50), static_cast<long long>(out.p99), kProducers,
        std::size_t(kProducers) * kPerProducer, wrong);
    return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
