#include "engine/base/clock.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace mm {

std::string toIso8601(WallTime time) {
    using namespace std::chrono;
    const auto millis = duration_cast<milliseconds>(time.time_since_epoch()).count();
    const std::time_t seconds = static_cast<std::time_t>(millis / 1000 - (millis % 1000 < 0 ? 1 : 0));
    std::tm utc{};
    gmtime_r(&seconds, &utc);
    std::array<char, 96> text{};
    const int fraction = static_cast<int>(((millis % 1000) + 1000) % 1000);
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900, utc.tm_mon + 1,
                  utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, fraction);
    return text.data();
}

} // namespace mm
