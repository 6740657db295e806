// Character classes and small comparisons of HTTP/1.1 (RFC 9110, 9112, 3986). Pure, any thread.
#pragma once

#include <string>
#include <string_view>

namespace mm::rest::guard {

[[nodiscard]] bool isToken(std::string_view text);
[[nodiscard]] bool isDigits(std::string_view text);
[[nodiscard]] bool equalsIgnoringCase(std::string_view a, std::string_view b);
[[nodiscard]] std::string_view trimmed(std::string_view text); // spaces and tabs
[[nodiscard]] std::string lowered(std::string_view text);

// Visible ASCII with every '%' followed by two hexadecimal digits, and none of the characters a URL may not hold.
[[nodiscard]] bool isUrlText(std::string_view text);
// Percent-decoding; false when the text is not isUrlText().
bool percentDecode(std::string_view text, std::string& out);

} // namespace mm::rest::guard
