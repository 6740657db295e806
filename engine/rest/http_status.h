// The one table from ErrorCode to HTTP status. Content that cannot be read is 400, content that is not acceptable 422.
// Cancelled requests are 409: their state was changed by somebody else (who has left gets no answer at all).
#pragma once

#include "engine/base/error.h"

namespace mm::rest {

[[nodiscard]] int httpStatus(ErrorCode code);

} // namespace mm::rest
