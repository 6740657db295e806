// Identifiers: UUID text for what people and clients see. Safe from any thread.
#pragma once

#include <string>
#include <string_view>

namespace mm {

// A random UUID (version 4), lower case.
std::string newUuid();
[[nodiscard]] bool isUuid(std::string_view text);

} // namespace mm
