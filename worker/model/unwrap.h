// From the engine's way of failing to the worker's: the value of a Result, or its error as the Failure that the worker
// catches in one place. Any thread.
#pragma once

#include "engine/base/result.h"
#include "worker/runtime/failure.h"

#include <utility>

namespace mm::worker {

template <typename T>
T unwrap(Result<T> result) {
    if (!result.ok())
        throw Failure(std::move(result).error());
    return std::move(result).value();
}

} // namespace mm::worker
