// How busy the machine is: processors, memory and the disk of the data folder. One owner, one thread.
#pragma once

#include "engine/base/clock.h"
#include "modelmora/v1/management.pb.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace mm::service {

// Of all processors since the machine's start, in ticks.
struct CpuTime {
    std::int64_t busy = 0;
    std::int64_t all = 0;
};
// The first line of /proc/stat; nothing where that is none.
[[nodiscard]] std::optional<CpuTime> readCpuTime(const std::filesystem::path& stat = "/proc/stat");

class ResourceMeter {
public:
    explicit ResourceMeter(std::filesystem::path dataDir, std::filesystem::path stat = "/proc/stat");

    // The processors' share is of the time since it was asked for before; asked again too soon it stays what it was.
    [[nodiscard]] modelmora::v1::ResourceUsage read(Instant now);

private:
    std::filesystem::path m_dataDir;
    std::filesystem::path m_stat;
    std::optional<CpuTime> m_before;
    std::optional<Instant> m_asked;
    std::optional<double> m_cpuPercent;
};

} // namespace mm::service
