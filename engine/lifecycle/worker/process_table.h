// What the system says about a process: whether it is still there, and its memory. Reads /proc; any thread; a process
// that is gone is an ordinary answer, not an error.
#pragma once

#include <cstdint>
#include <optional>

namespace mm::lifecycle {

[[nodiscard]] bool isProcessGone(std::int64_t pid);
// Resident bytes; nothing where the process is gone.
[[nodiscard]] std::optional<std::int64_t> residentBytes(std::int64_t pid);

} // namespace mm::lifecycle
