// Who asks, and under which id: goes with every inference into the engine. Plain values.
#pragma once

#include "engine/access/identity.h"
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
    // Whom it was made by; null where access control is off.
    access::IdentityPtr identity = nullptr;
    // The gate has counted it against the caller's limits; it has not where it is one of many in a stream.
    bool isCounted = false;
};

} // namespace mm::service
