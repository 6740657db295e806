// An Error for people: what happened, what to do, and the facts; or for programs, as a JSON object. Pure, any thread.
#pragma once

#include "engine/base/error.h"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace mm::cli {

// What to try next, where the code says it; may be empty.
std::string hintFor(const Error& error);

using ErrorPainter = std::function<std::string(std::string_view)>;
// "error: …", "hint: …" and one line per fact. `paint` colours the first word.
std::string describeError(const Error& error, const ErrorPainter& paint = {});
// The facts alone, indented; "last_lines" one under the other.
std::string describeFacts(const Facts& facts, const std::string& indent);

// {"error": {"code", "message", "hint", "details", "validation_errors", "exit_code"}}
nlohmann::ordered_json errorJson(const Error& error);

} // namespace mm::cli
