// Times as people write them: how long, "90s", "15m", "2h", "7d"; moments, "2026-11-21T09:30:00Z" or how long ago.
// Pure.
#pragma once

#include "engine/base/clock.h"

#include <google/protobuf/timestamp.pb.h>

#include <chrono>
#include <optional>
#include <string_view>

namespace mm {

inline constexpr const char* kTimeText = "a time such as 2026-11-21T09:30:00Z, or how long ago: 90s, 15m, 2h, 7d";

// Nothing where it is none, or longer than a hundred years.
[[nodiscard]] std::optional<std::chrono::seconds> readSpan(std::string_view text);
// Nothing where it is neither.
[[nodiscard]] std::optional<google::protobuf::Timestamp> readTime(std::string_view text, WallTime now);

} // namespace mm
