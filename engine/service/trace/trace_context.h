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
    // Its caller, or we, decided that its spans are kept.
    [[nodiscard]] bool isSampled() const {
        return flags.size() == 2 && std::string_view("13579bdf").find(flags[1]) != std::string_view::npos;
    }
};

[[nodiscard]] TraceContext readTraceContext(std::string_view traceparent, std::string_view tracestate);

// Whether inferences that come without a trace get one, and which share of them. Until it
// is said, none does. Any thread.
void startTraces(double share);
// A new trace with its first span, sampled, or none where this call is not drawn. Any thread.
[[nodiscard]] TraceContext newTraceContext();

// What the answer names this call's span with, as traceparent and as traceresponse: 00-<trace>-<span>-<flags>.
[[nodiscard]] std::string traceResponse(const TraceContext& context);

} // namespace mm::service
