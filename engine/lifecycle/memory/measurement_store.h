// What was measured of a model when it last ran, remembered across restarts: a port of the lifecycle, kept in the
// registry's database by an adapter in engine/app/adapters. Engine thread; find() answers from memory, put() returns
// at once and is written in the background; a failed write is logged there.
#pragma once

#include "engine/base/clock.h"

#include <cstdint>
#include <optional>
#include <string>

namespace mm::lifecycle {

struct MeasurementKey {
    std::string modelId; // without the version
    std::string version;
    std::string device; // as the worker named it: "cpu", "cuda:0" …
    std::string dtype;  // "fp32", "bf16" …

    auto operator<=>(const MeasurementKey&) const = default;
};

struct Measurement {
    std::int64_t predictedBytes = 0;  // what the estimate before that load said, all devices together
    std::int64_t measuredBytes = 0;   // after the warm-up, on the host
    std::int64_t deviceBytes = 0;     // the same on the GPU; 0 on the host
    std::int64_t weightsBytes = 0;    // of that, weights
    std::int64_t peakBytes = 0;       // the most that was seen, on the model's device
    std::int64_t activationBytes = 0; // what the largest batch needed beyond the loaded model
    double loadMs = 0;                // from the start of the worker to Loaded
    std::int64_t uses = 0;            // requests since it was registered
    WallTime lastUsedAt;              // 1970 where it never was
    WallTime updatedAt;
};

class MeasurementStore {
public:
    virtual ~MeasurementStore() = default;
    [[nodiscard]] virtual std::optional<Measurement> find(const MeasurementKey& key) const = 0;
    // The latest measurement of that version whatever the device and dtype.
    [[nodiscard]] virtual std::optional<Measurement> latest(const std::string& modelId,
                                                            const std::string& version) const = 0;
    virtual void put(const MeasurementKey& key, const Measurement& measurement) = 0;
    // The model or, with a version, that version is gone.
    virtual void forget(const std::string& modelId, const std::string& version) = 0;
};

} // namespace mm::lifecycle
