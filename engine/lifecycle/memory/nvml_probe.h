// NvmlProbe: the memory of NVIDIA GPUs, by the driver's own library, which is opened when the probe is made. Where it
// is missing or does not start there are no GPUs, quietly: problem() says why. Devices are numbered as CUDA numbers
// them for a worker (CUDA_VISIBLE_DEVICES counts). Engine thread.
#pragma once

#include "engine/lifecycle/memory/memory_probe.h"

#include <memory>

namespace mm::lifecycle {

// How busy a GPU is; unset what the driver does not tell.
struct GpuReading {
    std::string device; // "cuda:0"
    std::optional<double> usePercent;
    std::optional<double> memoryPercent;
    std::optional<double> celsius;
    std::optional<double> watts;
};

class NvmlProbe final : public MemoryProbe {
public:
    // `visible`: CUDA_VISIBLE_DEVICES, where it is set.
    explicit NvmlProbe(const std::string& library = "libnvidia-ml.so.1",
                       const std::optional<std::string>& visible = std::nullopt);
    ~NvmlProbe() override;
    NvmlProbe(const NvmlProbe&) = delete;
    NvmlProbe& operator=(const NvmlProbe&) = delete;

    [[nodiscard]] std::vector<DeviceMemory> devices() override;
    // Empty for a process without GPU memory, and where the driver does not tell (some containers).
    [[nodiscard]] std::optional<ByDevice> processMemory(std::int64_t pid) override;
    [[nodiscard]] std::vector<GpuReading> readings() const;
    // Why there are no GPUs; empty where there are.
    [[nodiscard]] const std::string& problem() const { return m_problem; }

private:
    struct Library;
    std::unique_ptr<Library> m_library; // null where there is none
    std::string m_problem;
};

} // namespace mm::lifecycle
