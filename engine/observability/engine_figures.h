// How the engine stands at one moment, as the other contexts see it: what is shown at a scrape and kept as history.
// Plain values; an adapter fills them on the engine thread, they are read on any.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mm::observability {

inline constexpr std::array<std::string_view, 4> kPriorities{"critical", "high", "normal", "low"};
// Of an instance; "unloaded" ones are not there.
inline constexpr std::array<std::string_view, 4> kInstanceStates{"loading", "loaded", "draining", "unhealthy"};
inline constexpr std::size_t kLoadedState = 1;

struct WorkerFigures {
    int instance = 0;
    std::int64_t pid = 0;
};

// One version of a model that has instances, or something waits for it.
struct ModelFigures {
    std::string modelId; // without the version
    std::string version;
    std::array<int, kInstanceStates.size()> instances{};
    std::int64_t memoryBytes = 0; // as the ledger counts it
    std::int64_t predictedBytes = 0;
    std::int64_t peakBytes = 0;
    std::int64_t residentBytes = 0;
    std::int64_t inFlight = 0;
    std::int64_t waiting = 0;
    bool isPinned = false;
    std::vector<WorkerFigures> workers;
};

struct DeviceFigures {
    std::string device;
    std::string name;
    std::int64_t totalBytes = 0;
    std::int64_t availableBytes = 0;
    std::int64_t budgetBytes = 0;
    std::int64_t effectiveBytes = 0;
    std::int64_t reservedBytes = 0;
    std::int64_t committedBytes = 0;
    std::int64_t freeBytes = 0;
    std::int64_t othersBytes = 0;
};

// Of all GPUs together; unset what is not known of any.
struct GpuFigures {
    std::optional<double> usePercent;    // on average
    std::optional<double> memoryPercent; // on average
    std::optional<double> celsius;       // of the hottest
    std::optional<double> watts;         // in all
};

struct EngineFigures {
    std::vector<ModelFigures> models;
    std::vector<std::string> registered; // ids of models, sorted; each once
    std::vector<DeviceFigures> devices;
    std::array<std::int64_t, kPriorities.size()> waiting{};
    GpuFigures gpus;
    std::int64_t running = 0;
    std::int64_t unfinished = 0;
    double cpuPercent = -1; // negative: not known, as below
    double memoryPercent = -1;
    double diskPercent = -1;
};

// Whoever can tell. Engine thread.
class FiguresSource {
public:
    virtual ~FiguresSource() = default;
    [[nodiscard]] virtual EngineFigures read() = 0;
};

} // namespace mm::observability
