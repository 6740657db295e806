// Who asks, and under which id: goes with every inference into the engine. Plain values.
#pragma once

#include "engine/service/trace/trace_context.h"

#include <chrono>
#include <memory>
#include <string>

namespace mm::service {

struct CallContext {
    std::string requestId; // UUID or what the client sent; never empty
    std::string client = "anonymous";
    TraceContext trace = {};
    std::chrono::steady_clock::time_point received = std::chrono::steady_clock::now();
    // Where it is a part of a larger request: how many inputs that has in all. All its parts bring the same pointer, by
    // which the engine knows them as one, and it lives as long as more of them may come.
    std::shared_ptr<const int> wholeInputs = nullptr;
};

} // namespace mm::service
