// HostProbe: the host's memory as this engine may use it: /proc/meminfo, or less where a control group (version 2) it
// runs in limits it. A process counts for its anonymous and shared memory and what of it was swapped out; clean pages
// of files (libraries, mapped weights) are the system's to drop. Engine thread.
#pragma once

#include "engine/lifecycle/memory/memory_probe.h"

#include <filesystem>

namespace mm::lifecycle {

// Where the kernel shows itself; tests give folders of their own.
struct KernelRoots {
    std::filesystem::path proc = "/proc";
    std::filesystem::path cgroup = "/sys/fs/cgroup";
};

class HostProbe final : public MemoryProbe {
public:
    explicit HostProbe(KernelRoots roots = {});

    [[nodiscard]] std::vector<DeviceMemory> devices() override;
    [[nodiscard]] std::optional<ByDevice> processMemory(std::int64_t pid) override;

private:
    KernelRoots m_roots;
    std::vector<std::filesystem::path> m_groups; // this process's control group and those above it
};

} // namespace mm::lifecycle
