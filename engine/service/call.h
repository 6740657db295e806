// Who asks, and under which id: goes with every inference into the engine. Plain values.
#pragma once

#include "engine/service/trace/trace_context.h"

#include <chrono>
#include <string>

namespace mm::service {

struct CallContext {
    std::string requestId; // UUID or what the client sent; never empty
    std::string client = "anonymous";
    TraceContext trace = {};
    std::chrono::steady_clock::time_point received = std::chrono::steady_clock::now();
};

} // namespace mm::service
