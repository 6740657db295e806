// Is this UTF-8? Pure, any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace mm {

// Offset of the first byte that is not valid UTF-8 (overlong forms, surrogates and beyond U+10FFFF included), or npos.
std::size_t firstInvalidUtf8(std::string_view text);

} // namespace mm
