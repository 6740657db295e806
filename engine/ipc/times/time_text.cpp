#include "engine/ipc/times/time_text.h"

#include <google/protobuf/util/time_util.h>

#include <charconv>
#include <string>

namespace mm {
namespace {

using google::protobuf::util::TimeUtil;

std::int64_t secondsIn(char unit) {
    switch (unit) {
    case 's':
        return 1;
    case 'm':
        return 60;
    case 'h':
        return 3'600;
    case 'd':
        return 86'400;
    default:
        return 0;
    }
}

constexpr std::int64_t kLongest = std::int64_t{86'400} * 36'500; // a hundred years

} // namespace

std::optional<std::chrono::seconds> readSpan(std::string_view text) {
    if (text.size() < 2)
        return std::nullopt;
    const char* last = text.data() + text.size() - 1;
    const std::int64_t unit = secondsIn(*last);
    std::int64_t count = 0;
    const auto [end, problem] = std::from_chars(text.data(), last, count);
    if (problem != std::errc() || end != last || unit == 0 || count < 0 || count > kLongest / unit)
        return std::nullopt;
    return std::chrono::seconds(count * unit);
}

std::optional<google::protobuf::Timestamp> readTime(std::string_view text, WallTime now) {
    if (const auto ago = readSpan(text))
        return TimeUtil::SecondsToTimestamp(
            (std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()) - *ago).count());
    google::protobuf::Timestamp time;
    return TimeUtil::FromString(std::string(text), &time) ? std::optional(time) : std::nullopt;
}

} // namespace mm
