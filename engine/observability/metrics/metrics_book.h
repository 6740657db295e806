// MetricsBook: what has been counted since the engine's start, by model. Counting is a look-up and a few additions; a
// scrape copies the book. Engine thread only, but for what the faces count.
#pragma once

#include "engine/base/error.h"
#include "engine/observability/metrics/histogram.h"
#include "modelmora/v1/inference.pb.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mm::observability {

namespace v1 = modelmora::v1;

// In the order in which a request goes through them.
inline constexpr std::array<std::string_view, 6> kStages{"queue", "load", "batch_wait", "tokenize", "compute", "send"};
[[nodiscard]] std::array<double, kStages.size()> stageMilliseconds(const v1::InferenceMetadata& metadata);

enum class UnloadCause { Ordered, Killed, Evicted, Idle, Surplus, Retired, Failed };
inline constexpr std::array<std::string_view, 7> kUnloadCauses{"ordered", "killed",  "evicted", "idle",
                                                               "surplus", "retired", "failed"};

struct ModelCounters {
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t inputs = 0;
    std::uint64_t tokens = 0;
    std::uint64_t truncated = 0;
    std::uint64_t batchesSent = 0;
    double batchesComputed = 0; // each request is its share of the batch it was computed in
    std::array<double, kStages.size()> stageSeconds{};
    Histogram duration{kDurationBounds};
    Histogram queueWait{kDurationBounds};
    Histogram compute{kDurationBounds};
    Histogram batchSize{kBatchBounds};
    std::uint64_t loads = 0;
    std::uint64_t loadFailures = 0;
    std::uint64_t crashes = 0;
    Histogram loadDuration{kLoadBounds};
    std::array<std::uint64_t, kUnloadCauses.size()> unloads{};
};

struct JobCounters {
    std::uint64_t accepted = 0;
    std::uint64_t completed = 0;
    std::uint64_t failed = 0;
    std::uint64_t cancelled = 0;
    std::uint64_t webhooksDelivered = 0;
    std::uint64_t webhooksFailed = 0;
};

class MetricsBook {
public:
    // Models are meant by their ids without the version, or by keys, of which the version is left out.
    void ended(const v1::QueueEntry& entry);
    void computed(std::string_view key, int inputs, const v1::InferenceMetadata& metadata);
    void batchSent(std::string_view key);
    void refused(ErrorCode code) { ++m_refusals[code]; }
    void loaded(std::string_view key, double seconds);
    void loadFailed(std::string_view key);
    void crashed(std::string_view key) { ++of(key).crashes; }
    void unloaded(std::string_view key, UnloadCause cause);
    JobCounters& jobs() { return m_jobs; }

    // Drops models that are not registered any more, so that names which come and go do not pile up. What they counted
    // stays in the sums without a model.
    void keepOnly(const std::vector<std::string>& registered); // sorted

    struct Hash : std::hash<std::string_view> {
        using is_transparent = void;
    };
    using Models = std::unordered_map<std::string, ModelCounters, Hash, std::equal_to<>>;
    [[nodiscard]] const Models& models() const { return m_models; }
    [[nodiscard]] const std::map<ErrorCode, std::uint64_t>& refusals() const { return m_refusals; }
    [[nodiscard]] const std::map<std::string, std::uint64_t>& errors() const { return m_errors; }
    [[nodiscard]] const JobCounters& jobs() const { return m_jobs; }
    [[nodiscard]] std::uint64_t evictions() const { return m_evictions; }
    [[nodiscard]] std::uint64_t loadFailures() const { return m_loadFailures; }

private:
    ModelCounters& of(std::string_view key);

    Models m_models;
    std::map<ErrorCode, std::uint64_t> m_refusals;
    std::map<std::string, std::uint64_t> m_errors; // by code
    JobCounters m_jobs;
    std::uint64_t m_evictions = 0;
    std::uint64_t m_loadFailures = 0;
};

} // namespace mm::observability
