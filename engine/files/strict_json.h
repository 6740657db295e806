// JSON from outside, read strictly: valid UTF-8, no name twice in one object, bounded depth, nothing behind the end.
// Pure, any thread. Every violation is InvalidModelFiles, naming `file` and where in it.
#pragma once

#include "engine/base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace mm {

inline constexpr int kMaxJsonDepth = 64;

Result<nlohmann::json> parseStrictJson(std::string_view text, const std::string& file, int maxDepth = kMaxJsonDepth);

} // namespace mm
