// Headers that are lists: all lines of one name as one, and Vary. Pure, any thread.
#pragma once

#include "engine/rest/answer.h"
#include "engine/rest/guard/http_request.h"

#include <string>
#include <string_view>

namespace mm::rest::semantics {

// All values of that (lower-case) name, separated by commas.
[[nodiscard]] std::string allOf(const guard::HttpRequest& request, std::string_view name);

// The value of the answer's header, or nothing.
[[nodiscard]] std::string_view headerOf(const Answer& answer, std::string_view name);
void setHeader(Answer& answer, std::string_view name, std::string value);

// Says that the answer depends on that header of the request; once is enough.
void addVary(Answer& answer, std::string_view name);

} // namespace mm::rest::semantics
