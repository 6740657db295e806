// The secrets of API keys: "mm_" and 43 characters that stand for 256 random bits. They are kept as SHA-256: of so much
// chance nothing can be guessed or looked up, so a hash that is slow on purpose would cost every request and protect
// nothing. Pure apart from chance; any thread.
#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>

namespace mm::access {

// Fails where the system gives no randomness.
Result<std::string> newSecret();
// Of that form; says nothing about whether it is anybody's.
[[nodiscard]] bool isSecret(std::string_view text);
// 64 hexadecimal digits.
[[nodiscard]] std::string hashOf(std::string_view secret);
// As much of it as may be shown.
[[nodiscard]] std::string beginningOf(std::string_view secret);
// Random, for the id of a key.
Result<std::string> newKeyId();

} // namespace mm::access
