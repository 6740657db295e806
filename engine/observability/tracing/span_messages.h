// Requests that ended, as the spans that a collector is sent: one for the request, and below it one for each stage.
// Pure.
#pragma once

#include "modelmora/v1/inference.pb.h"
#include "opentelemetry/trace_export.pb.h"

#include <string>
#include <vector>

namespace mm::observability {

namespace v1 = modelmora::v1;

// A request, or a part of one, that ended and whose trace is kept. Ids are hexadecimal digits.
struct EndedTrace {
    std::string traceId;
    std::string parentId; // empty: it is the first of its trace
    std::string spanId;
    std::string state;
    bool isPart = false; // a step of the request whose span id that is
    v1::QueueEntry entry;
};

// What says who sends: name and version of the service, the machine and the process.
struct TraceResource {
    std::string version;
    std::string host;
    std::int64_t pid = 0;
    std::string instance; // of this engine among those of a fleet
};

[[nodiscard]] modelmora::otlp::ExportTraceServiceRequest toExport(const std::vector<EndedTrace>& ended,
                                                                  const TraceResource& resource);
// How many spans one makes, and how many there are.
[[nodiscard]] std::uint64_t spansOf(const EndedTrace& ended);
[[nodiscard]] int spansIn(const modelmora::otlp::ExportTraceServiceRequest& request);

} // namespace mm::observability
