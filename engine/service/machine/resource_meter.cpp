#include "engine/service/machine/resource_meter.h"

#include "engine/base/system_memory.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

namespace mm::service {
namespace {

constexpr std::chrono::milliseconds kLeastTime{100}; // the kernel counts in hundredths of a second

double percent(double part, double whole) {
    return std::clamp(100.0 * part / whole, 0.0, 100.0);
}

} // namespace

// "cpu user nice system idle iowait irq softirq steal …"
std::optional<CpuTime> readCpuTime(const std::filesystem::path& stat) {
    constexpr int kIdle = 3;
    constexpr int kWaiting = 4;
    constexpr int kLast = 7; // what guests take is counted in the first ones already
    std::ifstream file(stat);
    std::string name;
    if (!(file >> name) || name != "cpu")
        return std::nullopt;
    CpuTime time;
    std::int64_t ticks = 0;
    for (int field = 0; field <= kLast && file >> ticks; ++field) {
        time.all += ticks;
        time.busy += field == kIdle || field == kWaiting ? 0 : ticks;
    }
    return time;
}

ResourceMeter::ResourceMeter(std::filesystem::path dataDir, std::filesystem::path stat)
    : m_dataDir(std::move(dataDir)), m_stat(std::move(stat)), m_before(readCpuTime(m_stat)) {}

modelmora::v1::ResourceUsage ResourceMeter::read(Instant now) {
    if (!m_asked || now - *m_asked >= kLeastTime) {
        const std::optional<CpuTime> time = readCpuTime(m_stat);
        if (time && m_before && time->all > m_before->all)
            m_cpuPercent = percent(static_cast<double>(time->busy - m_before->busy),
                                   static_cast<double>(time->all - m_before->all));
        m_before = time;
        m_asked = now;
    }
    modelmora::v1::ResourceUsage usage;
    if (m_cpuPercent)
        usage.set_cpu_percent(*m_cpuPercent);
    if (const SystemMemory memory = readSystemMemory(); memory.totalBytes > 0)
        usage.set_memory_percent(percent(static_cast<double>(memory.totalBytes - memory.availableBytes),
                                         static_cast<double>(memory.totalBytes)));
    std::error_code failure;
    const std::filesystem::space_info disk = std::filesystem::space(m_dataDir, failure);
    if (!failure && disk.capacity > 0) {
        usage.set_disk_percent(
            percent(static_cast<double>(disk.capacity - disk.available), static_cast<double>(disk.capacity)));
        usage.set_disk_available_bytes(static_cast<std::int64_t>(disk.available));
    }
    return usage;
}

} // namespace mm::service
