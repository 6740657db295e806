// LoadPredictor: how much memory one instance of a model will take, as a port of whoever places models, so that tests
// can script it. MemoryEstimator predicts for real. Engine thread only; must answer at once.
#pragma once

#include "engine/base/result.h"
#include "engine/lifecycle/memory/memory_need.h"

#include <string>

namespace mm::lifecycle {

struct LoadSpec;

struct Prediction {
    MemoryNeed need;
    std::string device; // where it will compute, with "auto" decided
    std::string dtype;  // "fp32" or "bf16", with "auto" decided
    double loadMs = 0;  // of the last load; 0 before the first
};

class LoadPredictor {
public:
    virtual ~LoadPredictor() = default;
    // Fails as the worker would where the files cannot be read: InvalidModelFiles naming file, tensor and numbers.
    virtual Result<Prediction> predict(const LoadSpec& spec) = 0;
};

} // namespace mm::lifecycle
