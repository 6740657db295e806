// A handler whose requests may carry an Idempotency-Key.
#pragma once

#include "engine/rest/router.h"

namespace mm::rest::native {

// The handler, with a memory: the same request of the same client under the same key gets the first one's answer again,
// and is not done twice. Another request under that key fails with ValidationError. Copies share the memory.
[[nodiscard]] Handler replayed(Handler handler);

} // namespace mm::rest::native
