// Text for a terminal that is narrower than its lines. Pure, any thread.
#pragma once

#include <cstddef>
#include <string>

namespace mm::cli {

// Lines that are too wide go on below where their text began, behind a name or their own blanks. Lines with colours,
// which were made to fit, stay as they are; so does everything where `width` is 0.
std::string fitted(const std::string& text, std::size_t width);

} // namespace mm::cli
