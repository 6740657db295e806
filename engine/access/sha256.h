// SHA-256 of a text, as bytes and as digits. Pure, any thread.
#pragma once

#include <string>
#include <string_view>

namespace mm::access {

[[nodiscard]] std::string sha256(std::string_view text); // 32 bytes
[[nodiscard]] std::string toHex(std::string_view bytes);

} // namespace mm::access
