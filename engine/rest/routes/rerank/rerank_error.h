// Errors as clients of Jina ("detail") and of Cohere ("message", "id") look for them, in one object.
#pragma once

#include "engine/rest/answer.h"

namespace mm::rest::rerank {

Answer errorAnswer(const Error& error, const std::string& traceId);

} // namespace mm::rest::rerank
