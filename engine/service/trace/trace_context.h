// The trace that a call belongs to, as W3C Trace Context has it: traceparent and tracestate, read strictly. What is
// malformed counts as absent, as the standard wants it. Plain value; pure, any thread.
#pragma once

#include <string>
#include <string_view>

namespace mm::service {

struct TraceContext {
    std::string traceId;  // 32 hexadecimal digits; empty: the call belongs to no trace
    std::string parentId; // 16, the caller's span
    std::string spanId;   // 16, this call's own
    std::string flags;    // 2; "01" is sampled
    std::string state;    // tracestate as it came, or empty where that is malformed

    [[nodiscard]] bool isTraced() const { return !traceId.empty(); }
};

[[nodiscard]] TraceContext readTraceContext(std::string_view traceparent, std::string_view tracestate);

// The header with which the answer names this call's span, as traceparent would: 00-<trace>-<span>-<flags>.
[[nodiscard]] std::string traceResponse(const TraceContext& context);

} // namespace mm::service
