#include "engine/lifecycle/memory/machine_probe.h"

#include <cstdlib>

namespace mm::lifecycle {
namespace {

std::optional<std::string> visibleGpus() {
    const char* text = std::getenv("CUDA_VISIBLE_DEVICES");
    return text == nullptr ? std::nullopt : std::optional<std::string>(text);
}

} // namespace

MachineProbe::MachineProbe() : m_gpus("libnvidia-ml.so.1", visibleGpus()) {}

std::vector<DeviceMemory> MachineProbe::devices() {
    std::vector<DeviceMemory> all = m_host.devices();
    for (DeviceMemory& gpu : m_gpus.devices())
        all.push_back(std::move(gpu));
    return all;
}

std::optional<ByDevice> MachineProbe::processMemory(std::int64_t pid) {
    std::optional<ByDevice> bytes = m_host.processMemory(pid);
    if (bytes)
        addTo(*bytes, m_gpus.processMemory(pid).value_or(ByDevice{}));
    return bytes;
}

} // namespace mm::lifecycle
