// What a load of a version took, as the registry keeps it: a line of figures for each device and precision. Plain
// value, any thread. What the figures mean is said where they are taken (engine/lifecycle/memory/measurement_store.h).
#pragma once

#include "engine/base/clock.h"

#include <cstdint>
#include <string>

namespace mm::registry {

struct MeasuredLoad {
    std::string modelId;
    std::string version;
    std::string device;
    std::string dtype;
    std::int64_t predictedBytes = 0;
    std::int64_t measuredBytes = 0;
    std::int64_t deviceBytes = 0;
    std::int64_t weightsBytes = 0;
    std::int64_t peakBytes = 0;
    std::int64_t activationBytes = 0;
    double loadMs = 0;
    std::int64_t uses = 0;
    WallTime lastUsedAt;
    WallTime updatedAt;
};

} // namespace mm::registry
