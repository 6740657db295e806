// LoadPredictor: how much memory one instance of a model will take, as a port of whoever places models, so that tests
// can script it. MemoryEstimator predicts for real. Engine thread only; must answer at once.
#pragma once

#include "engine/base/result.h"
#include "engine/lifecycle/memory/memory_need.h"

#include <optional>
#include <string>

namespace mm::lifecycle {

struct LoadSpec;

struct Prediction {
    MemoryNeed need;
    std::string device; // where it will compute, with "auto" decided
    std::string dtype;  // "fp32" or "bf16", with "auto" decided
    double loadMs = 0;  // of the last load; 0 before the first
    // The files could not be read and nothing was measured: the estimate is of a worker without weights. A load goes on
    // and fails in the worker, with stage and all; a plan can say this at once.
    std::optional<Error> problem = std::nullopt;
};

class LoadPredictor {
public:
    virtual ~LoadPredictor() = default;
    // DeviceUnavailable where the configuration names a device that this machine does not show.
    virtual Result<Prediction> predict(const LoadSpec& spec) = 0;
};

} // namespace mm::lifecycle
