// Moments as people write them: "2026-11-21T09:30:00Z", or how long ago, "90s", "15m", "2h", "7d". Pure.
#pragma once

#include "engine/base/clock.h"

#include <google/protobuf/timestamp.pb.h>

#include <optional>
#include <string_view>

namespace mm {

inline constexpr const char* kTimeText = "a time such as 2026-11-21T09:30:00Z, or how long ago: 90s, 15m, 2h, 7d";

// Nothing where it is neither.
[[nodiscard]] std::optional<google::protobuf::Timestamp> readTime(std::string_view text, WallTime now);

} // namespace mm
