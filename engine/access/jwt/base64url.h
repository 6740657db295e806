// Base64url without padding (RFC 7515), strictly: other characters, lengths that cannot be, and bits that stand for
// nothing are refused, so that one value has one spelling. Pure, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mm::access {

[[nodiscard]] std::optional<std::string> fromBase64Url(std::string_view text);

} // namespace mm::access
