// Errors in the shape of OpenAI's API: {"error": {"message", "type", "param", "code"}}. Content that is not acceptable
// is 400 there, not 422, and clients act on that.
#pragma once

#include "engine/rest/answer.h"

namespace mm::rest::openai {

Answer errorAnswer(const Error& error, const std::string& traceId);

} // namespace mm::rest::openai
