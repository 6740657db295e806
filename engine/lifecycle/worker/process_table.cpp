#include "engine/lifecycle/worker/process_table.h"

#include <unistd.h>

#include <fstream>
#include <string>

namespace mm::lifecycle {

bool isProcessGone(std::int64_t pid) {
    return ::access(("/proc/" + std::to_string(pid)).c_str(), F_OK) != 0;
}

std::optional<std::int64_t> residentBytes(std::int64_t pid) {
    std::ifstream statm("/proc/" + std::to_string(pid) + "/statm");
    std::int64_t total = 0;
    std::int64_t resident = 0;
    if (!(statm >> total >> resident))
        return std::nullopt;
    return resident * ::sysconf(_SC_PAGESIZE);
}

} // namespace mm::lifecycle
