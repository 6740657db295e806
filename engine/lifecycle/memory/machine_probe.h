// MachineProbe: the host and, where there are any, its GPUs, as one probe. Engine thread.
#pragma once

#include "engine/lifecycle/memory/host_probe.h"
#include "engine/lifecycle/memory/nvml_probe.h"

namespace mm::lifecycle {

class MachineProbe final : public MemoryProbe {
public:
    MachineProbe();

    [[nodiscard]] std::vector<DeviceMemory> devices() override;
    [[nodiscard]] std::optional<ByDevice> processMemory(std::int64_t pid) override;

    [[nodiscard]] std::vector<GpuReading> gpuReadings() const { return m_gpus.readings(); }

private:
    HostProbe m_host;
    NvmlProbe m_gpus;
};

} // namespace mm::lifecycle
