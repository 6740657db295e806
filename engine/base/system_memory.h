// What the system says about memory, from /proc. Any thread. Zeros where it cannot be read.
#pragma once

#include <cstdint>

namespace mm {

struct SystemMemory {
    std::int64_t totalBytes = 0;
    std::int64_t availableBytes = 0; // free, or given back at once when asked for
};
SystemMemory readSystemMemory();

struct ProcessMemory {
    std::int64_t residentBytes = 0;
    std::int64_t privateBytes = 0; // resident, and shared with no file or other process
    std::int64_t peakBytes = 0;
};
// Of a process of this machine; 0 means this one.
ProcessMemory readProcessMemory(std::int64_t pid = 0);

} // namespace mm
