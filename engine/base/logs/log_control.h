// The log while the program runs: its level, what it has written lately and how much. Any thread.
#pragma once

#include "engine/base/log.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mm::log {

inline constexpr std::size_t kLevels = 5; // those that lines have, Trace to Error

struct LineCounts {
    std::array<std::int64_t, kLevels> written{}; // by Level
    std::int64_t dropped = 0;                    // of these, because nobody read them
};

[[nodiscard]] std::string_view levelName(Level level);
[[nodiscard]] Level level();
void setLevel(Level level);
[[nodiscard]] Format format();
[[nodiscard]] LineCounts lineCounts();
// The last lines that were written, the oldest first; those that were dropped are among them.
[[nodiscard]] std::vector<std::string> recentLines(std::size_t most);

} // namespace mm::log
