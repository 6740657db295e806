// What the system says of one process: processor time, memory, files, start. Read from /proc; any thread.
#pragma once

#include <cstdint>
#include <optional>

namespace mm::observability {

struct ProcessFigures {
    double cpuSeconds = 0;
    std::int64_t residentBytes = 0;
    std::int64_t virtualBytes = 0;
    std::int64_t threads = 0;
    double startSeconds = 0; // since 1970
};

// Nothing where there is no such process; 0 means this one.
[[nodiscard]] std::optional<ProcessFigures> readProcess(std::int64_t pid = 0);

struct OpenFiles {
    std::int64_t open = 0;
    std::int64_t most = 0;
};
// Of this process.
[[nodiscard]] OpenFiles readOpenFiles();

} // namespace mm::observability
