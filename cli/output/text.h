// Text for people: what came from elsewhere made safe to show, widths as a terminal counts them, sizes and times.
// Pure, any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mm::cli {

// Control characters (and bytes that are no UTF-8) as visible escapes, so that a name cannot steer the terminal.
std::string printable(std::string_view text);

[[nodiscard]] bool isUtf8(std::string_view text);

// Columns on a terminal: wide East Asian characters and emoji take two, combining marks none. Wants printable text.
std::size_t displayWidth(std::string_view text);

// In lines of at most so many columns, broken at blanks where there are any; at least one line.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);
// As many characters from the beginning as fit, the last one "…" where something is left out.
std::string clipped(std::string_view text, std::size_t width);

// "[######      ]", full at 1
std::string progressBar(double part, std::size_t columns = 26);

// "1.5 GB" (1024-based), "12 MB", "640 B"
std::string humanBytes(double bytes);
// "0.4 ms", "850 ms", "2.1 s", "3 min 20 s"
std::string humanMilliseconds(double milliseconds);
// "just now", "5 min ago", "3 h ago", "2 days ago"
std::string humanAge(std::int64_t seconds);
// "3 d 4 h", "12 min", "45 s"
std::string humanUptime(std::int64_t seconds);
// 0.05 → "0.05", 1.0 → "1"
std::string humanNumber(double value, int digits);

} // namespace mm::cli
