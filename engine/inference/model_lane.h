// ModelLane: what inference keeps of one model: what waits and runs, the lease that is about to be used or asked for,
// how fast it was. Plain bookkeeping; the Dispatcher owns the lanes and alone changes them. They stay when nothing
// waits any more: there are no more of them than models that were ever used.
#pragma once

#include "engine/inference/batcher.h"
#include "engine/inference/ports.h"

#include <unordered_map>
#include <vector>

namespace mm::inference {

// Time spent in some state, all in all.
class Stopwatch {
public:
    using Duration = Instant::duration;

    void set(bool running, Instant now) {
        if (running == m_since.has_value())
            return;
        if (m_since)
            m_total += now - *m_since;
        m_since = running ? std::optional(now) : std::nullopt;
    }
    [[nodiscard]] Duration total(Instant now) const { return m_since ? m_total + (now - *m_since) : m_total; }

private:
    Duration m_total{};
    std::optional<Instant> m_since;
};

// Compute time of an input, as measured: a mean in which the latest counts most.
class Speed {
public:
    void learn(std::int64_t micros, int inputs) {
        const double one = static_cast<double>(micros) / inputs;
        m_micros = m_known ? m_micros + (one - m_micros) / kMemory : one;
        m_known = true;
    }
    [[nodiscard]] bool known() const { return m_known; }
    [[nodiscard]] double microsPerInput() const { return m_known ? m_micros : kUnknown; }
    [[nodiscard]] std::int64_t estimate(int inputs) const {
        return static_cast<std::int64_t>(microsPerInput() * inputs);
    }

private:
    static constexpr double kMemory = 16;
    static constexpr double kUnknown = 1000; // put right as soon as it is measured

    bool m_known = false;
    double m_micros = 0;
};

struct ModelLane {
    std::string key;
    std::string modelId;
    std::uint32_t index = 0;
    int batchMaxSize = 32;
    std::chrono::milliseconds batchMaxWait{0};

    std::size_t unfinished = 0;
    int waitingRequests = 0;
    std::int64_t waitingInputs = 0;
    Instant waitingSince; // something does, for the next batch
    int running = 0;
    std::array<std::int64_t, kLevels> outstanding{}; // inputs with the workers, see BatchSituation

    std::unique_ptr<Lease> spare; // for the request that is taken next
    bool leaseWanted = false;
    int toldLevel = -1;   // the demand that the leases know of
    bool failing = false; // those who waited are being answered
    std::optional<Instant> batchDue;
    Stopwatch loading;
    Stopwatch gathering;
    Speed speed;

    // What is handed over in this go.
    int goRequests = 0;
    int goInputs = 0;
};

class ModelLanes {
public:
    ModelLane& lane(const ResolvedModel& model);
    [[nodiscard]] const ModelLane* find(const std::string& key) const;
    [[nodiscard]] ModelLane& at(std::uint32_t index) { return *m_lanes[index]; }
    [[nodiscard]] const ModelLane& at(std::uint32_t index) const { return *m_lanes[index]; }
    [[nodiscard]] const std::vector<std::unique_ptr<ModelLane>>& all() const { return m_lanes; }

private:
    std::vector<std::unique_ptr<ModelLane>> m_lanes;
    std::unordered_map<std::string, std::uint32_t> m_byKey;
};

// Compute time of all that is with workers or waits, in microseconds, as far as it was measured.
[[nodiscard]] std::int64_t backlogMicros(const ModelLanes& lanes);

} // namespace mm::inference
