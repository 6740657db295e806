// What may be called a version: a semantic version ("2.2.2", "v1.0.0-rc.1") or a branch name ("main", "fp16",
// "refs/pr/3"), and which of two semantic versions is the newer. Pure, any thread.
// checkVersion() fails with a ValidationError for the field "version".
#pragma once

#include "engine/base/result.h"

#include <compare>
#include <string_view>

namespace mm::registry {

inline constexpr std::string_view kDefaultVersion = "main";

[[nodiscard]] bool isSemanticVersion(std::string_view text);
Result<void> checkVersion(std::string_view text);

// The precedence of semantic versions: 1.10.0 after 1.9.0, 1.0.0-rc.1 before 1.0.0, build metadata ignored.
// Both must be semantic versions.
[[nodiscard]] std::weak_ordering comparePrecedence(std::string_view a, std::string_view b);

} // namespace mm::registry
