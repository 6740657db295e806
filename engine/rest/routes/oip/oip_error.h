// Errors as clients of the Open Inference Protocol look for them: {"error": "..."}.
#pragma once

#include "engine/rest/answer.h"

namespace mm::rest::oip {

Answer errorAnswer(const Error& error, const std::string& traceId);

} // namespace mm::rest::oip
