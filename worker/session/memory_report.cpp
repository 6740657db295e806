#include "worker/session/memory_report.h"

#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>

namespace mm::worker {
namespace {

// "VmRSS:     1234 kB"
bool readField(const std::string& line, std::string_view name, std::int64_t& bytes) {
    if (!line.starts_with(name))
        return false;
    constexpr std::int64_t kKilobyte = 1024;
    bytes = std::strtoll(line.c_str() + name.size(), nullptr, 10) * kKilobyte;
    return true;
}

} // namespace

modelmora::worker::v1::Memory memoryReport() {
    std::int64_t resident = 0;
    std::int64_t anonymous = 0;
    std::int64_t peak = 0;
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (!readField(line, "VmRSS:", resident) && !readField(line, "RssAnon:", anonymous))
            readField(line, "VmHWM:", peak);
    modelmora::worker::v1::Memory memory;
    memory.set_resident_bytes(resident);
    memory.set_private_bytes(anonymous);
    memory.set_peak_bytes(peak);
    return memory;
}

std::int64_t mappedPrivateBytes() {
    std::int64_t bytes = 0;
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (readField(line, "VmData:", bytes))
            break;
    return bytes;
}

} // namespace mm::worker
