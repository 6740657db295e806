// MemoryEstimator: how much memory one instance of a model will take, before it is loaded. What was measured at an
// earlier load wins over what the registration declares, and that over what the files' headers say (see
// file_estimate.h for the formula). Reads at most the headers of the weight files, and remembers them while the files
// stay as they are. Owned by the LifecycleManager; engine thread only.
#pragma once

#include "engine/lifecycle/memory/file_estimate.h"
#include "engine/lifecycle/memory/measurement_store.h"
#include "engine/lifecycle/memory/memory_need.h"
#include "engine/lifecycle/memory/memory_probe.h"
#include "engine/lifecycle/ports.h"

#include <map>
#include <string>

namespace mm::lifecycle {

struct Prediction {
    MemoryNeed need;
    std::string device; // where it will compute, with "auto" decided
    std::string dtype;  // "fp32" or "bf16", with "auto" decided
    double loadMs = 0;  // of the last load; 0 before the first
};

class MemoryEstimator {
public:
    MemoryEstimator(const MeasurementStore& measurements, MemoryProbe& probe)
        : m_measurements(measurements), m_probe(probe) {}

    // Fails as the worker would where the files cannot be read: InvalidModelFiles naming file, tensor and numbers.
    Result<Prediction> predict(const LoadSpec& spec);

private:
    Result<FileFacts> facts(const std::string& folder);

    struct Remembered {
        std::string stamp; // sizes and times of the files
        FileFacts facts;
    };
    const MeasurementStore& m_measurements;
    MemoryProbe& m_probe;
    std::map<std::string, Remembered> m_facts; // by folder
};

} // namespace mm::lifecycle
