// MemoryProbe: what the system says about memory, as a port, so that tests can script it. HostProbe (host_probe.h) and
// NvmlProbe (nvml_probe.h) read the real machine. Called on the engine thread; must answer at once. A device or process
// that is gone is an ordinary answer, not an error.
#pragma once

#include "engine/lifecycle/memory/memory_need.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mm::lifecycle {

struct DeviceMemory {
    std::string device; // "cpu", "cuda:0" …
    std::string name;   // "host memory", "NVIDIA …"
    std::int64_t totalBytes = 0;
    std::int64_t availableBytes = 0; // what a program could take now without swapping
};

class MemoryProbe {
public:
    virtual ~MemoryProbe() = default;

    // The devices of this probe, always in the same order; empty where there are none.
    [[nodiscard]] virtual std::vector<DeviceMemory> devices() = 0;
    // What the process takes away from the system on each of them: on the host its anonymous and shared memory, not the
    // clean pages of files, which the system drops when it needs room. Nothing where the process is gone.
    [[nodiscard]] virtual std::optional<ByDevice> processMemory(std::int64_t pid) = 0;
};

} // namespace mm::lifecycle
