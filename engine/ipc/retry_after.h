// When it makes sense to send a failed request again, as both faces say it. Pure, any thread.
#pragma once

#include "engine/base/error.h"

namespace mm {

// Seconds, 1 to 3600; 0 when trying again is no use.
[[nodiscard]] int retryAfterSeconds(const Error& error);

} // namespace mm
