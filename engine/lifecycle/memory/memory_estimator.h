// MemoryEstimator: how much memory one instance of a model will take, before it is loaded. What was measured at an
// earlier load wins over what the registration declares, and that over what the files say (file_estimate.h has the
// formula). Reads at most the headers of the weight files, and remembers them while the files stay as they are. Engine
// thread only.
#pragma once

#include "engine/base/result.h"
#include "engine/lifecycle/memory/file_estimate.h"
#include "engine/lifecycle/memory/load_predictor.h"
#include "engine/lifecycle/memory/measurement_store.h"
#include "engine/lifecycle/memory/memory_need.h"
#include "engine/lifecycle/memory/memory_probe.h"
#include "engine/lifecycle/ports.h"

#include <map>
#include <string>
#include <vector>

namespace mm::lifecycle {

class MemoryEstimator final : public LoadPredictor {
public:
    // Which devices there are is asked once: planning asks for predictions often. The store outlives the estimator.
    MemoryEstimator(const MeasurementStore& measurements, MemoryProbe& probe)
        : m_measurements(measurements), m_devices(probe.devices()) {}

    // DeviceUnavailable where the configuration names a GPU that this machine does not show.
    Result<Prediction> predict(const LoadSpec& spec) override;

private:
    struct Remembered {
        std::string stamp; // sizes and times of the files
        Result<FileFacts> facts;
    };

    Result<std::string> deviceFor(const LoadSpec& spec) const;
    const Result<FileFacts>& facts(const std::string& folder);

    const MeasurementStore& m_measurements;
    const std::vector<DeviceMemory> m_devices;
    std::map<std::string, Remembered> m_facts; // by folder
};

} // namespace mm::lifecycle
