// Errors in the shape of text-embeddings-inference: {"error", "error_type"}.
#pragma once

#include "engine/rest/answer.h"

namespace mm::rest::tei {

Answer errorAnswer(const Error& error, const std::string& traceId);

} // namespace mm::rest::tei
