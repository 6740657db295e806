#include "engine/lifecycle/policy/wording.h"

#include <algorithm>
#include <cstdio>

namespace mm::lifecycle {
namespace {

std::string formatted(const char* format, double value) {
    char text[48];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

} // namespace

std::string inSeconds(std::chrono::steady_clock::duration duration) {
    const double seconds = std::max(0.0, std::chrono::duration<double>(duration).count());
    return formatted(seconds < 10 ? "%.1f s" : "%.0f s", seconds);
}

std::string inMilliseconds(double milliseconds) {
    return formatted("%.0f ms", milliseconds);
}

std::string inTimes(double uses) {
    return formatted("%.1f times", uses);
}

std::string counted(int count, const std::string& noun) {
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string enumerated(const std::vector<std::string>& names) {
    constexpr std::size_t kMost = 4;
    const std::size_t shown = names.size() <= kMost ? names.size() : kMost - 1;
    std::string text;
    for (std::size_t i = 0; i < shown; ++i) {
        const bool last = i + 1 == names.size();
        text.append(i == 0 ? "" : last ? " and " : ", ").append(names[i]);
    }
    if (shown < names.size())
        text.append(" and ").append(std::to_string(names.size() - shown)).append(" more");
    return text;
}

} // namespace mm::lifecycle
