// Text that a terminal only shows: what could move its cursor, start a line or turn the direction of writing is escaped
// as \uXXXX. Of JSON, which has escaped the controls below the space already, it makes the same JSON. Pure.
#pragma once

#include <string>

namespace mm::log {

// `text` is UTF-8. Escaped are DEL, U+0080 to U+009F, line and paragraph separators, and marks of direction.
[[nodiscard]] std::string withoutControls(std::string text);

} // namespace mm::log
