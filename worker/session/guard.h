// The worker's one try/catch: runs work and turns whatever it throws into an Error, LibTorch's and the allocator's
// exceptions included. Any thread.
#pragma once

#include "engine/base/error.h"

#include <functional>
#include <optional>

namespace mm::worker {

// Nothing where the work succeeded. `fallback` is the code for exceptions that carry none of their own.
std::optional<Error> failureOf(ErrorCode fallback, const std::function<void()>& work);

} // namespace mm::worker
