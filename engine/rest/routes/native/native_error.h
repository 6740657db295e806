// The native API's error body: error_code, message, details, trace_id, and validation_errors where fields are wrong.
#pragma once

#include "engine/rest/answer.h"

namespace mm::rest::native {

Answer errorAnswer(const Error& error, const std::string& traceId);

} // namespace mm::rest::native
