// A MemoryProbe whose machine is what the test says: devices with their memory, and processes that hold some of it.
// What a process holds is taken off what is available. One thread.
#pragma once

#include "engine/lifecycle/memory/memory_probe.h"

#include <map>

namespace mm::test {

class ScriptedProbe final : public lifecycle::MemoryProbe {
public:
    explicit ScriptedProbe(std::int64_t hostBytes) { addDevice(lifecycle::kHostDevice, hostBytes); }

    void addDevice(const std::string& device, std::int64_t bytes) {
        m_devices.push_back({device, device + " of the test", bytes, bytes});
    }
    void setProcess(std::int64_t pid, lifecycle::ByDevice bytes) { m_processes[pid] = std::move(bytes); }
    void endProcess(std::int64_t pid) { m_processes.erase(pid); }
    // Held by programs that are none of the engine's.
    void setOthers(lifecycle::ByDevice bytes) { m_others = std::move(bytes); }

    std::vector<lifecycle::DeviceMemory> devices() override {
        std::vector<lifecycle::DeviceMemory> now = m_devices;
        for (lifecycle::DeviceMemory& device : now) {
            device.availableBytes -= lifecycle::bytesOn(m_others, device.device);
            for (const auto& [pid, bytes] : m_processes)
                device.availableBytes -= lifecycle::bytesOn(bytes, device.device);
        }
        return now;
    }
    std::optional<lifecycle::ByDevice> processMemory(std::int64_t pid) override {
        const auto found = m_processes.find(pid);
        return found == m_processes.end() ? std::nullopt : std::optional(found->second);
    }

private:
    std::vector<lifecycle::DeviceMemory> m_devices;
    std::map<std::int64_t, lifecycle::ByDevice> m_processes;
    lifecycle::ByDevice m_others;
};

} // namespace mm::test
