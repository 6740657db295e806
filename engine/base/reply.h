// Reply<T>: how an answer that comes later is given. Called exactly once; its header says on which thread.
#pragma once

#include "engine/base/result.h"

#include <functional>

namespace mm {

template <typename T>
using Reply = std::function<void(Result<T>)>;

} // namespace mm
