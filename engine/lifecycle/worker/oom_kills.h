// How many processes the kernel has ended for want of memory, so far: of this engine's group where the system says, of
// the machine otherwise. A SIGKILL during which the count rose was the kernel's. Reads /proc and /sys; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mm::lifecycle {

[[nodiscard]] std::optional<std::int64_t> oomKills();

// The value of a line "name value".
[[nodiscard]] std::optional<std::int64_t> counterIn(std::string_view text, std::string_view name);
// "0::/system.slice/x" → "/system.slice/x"; empty where the unified hierarchy is not in use.
[[nodiscard]] std::string_view unifiedGroup(std::string_view cgroupFile);

} // namespace mm::lifecycle
