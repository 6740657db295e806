#include "engine/base/system_memory.h"

#include <fstream>
#include <initializer_list>
#include <string>
#include <utility>

namespace mm {
namespace {

// Lines such as "MemTotal:       16384 kB".
void readKilobytes(const std::string& file, std::initializer_list<std::pair<const char*, std::int64_t*>> wanted) {
    std::ifstream in(file);
    std::string name;
    std::string rest;
    while (in >> name) {
        for (const auto& [field, target] : wanted)
            if (name == field) {
                std::int64_t kilobytes = 0;
                if (in >> kilobytes)
                    *target += kilobytes * 1024;
            }
        in.clear();
        std::getline(in, rest);
    }
}

} // namespace

SystemMemory readSystemMemory() {
    SystemMemory memory;
    readKilobytes("/proc/meminfo", {{"MemTotal:", &memory.totalBytes}, {"MemAvailable:", &memory.availableBytes}});
    return memory;
}

ProcessMemory readProcessMemory(std::int64_t pid) {
    const std::string folder = "/proc/" + (pid == 0 ? std::string("self") : std::to_string(pid));
    ProcessMemory memory;
    readKilobytes(
        folder + "/status",
        {{"VmRSS:", &memory.residentBytes}, {"RssAnon:", &memory.privateBytes}, {"VmHWM:", &memory.peakBytes}});
    return memory;
}

} // namespace mm
