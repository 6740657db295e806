// What became of the spans of requests, since the engine's start. Plain values.
#pragma once

#include <cstdint>

namespace mm::observability {

struct SpanCounts {
    std::uint64_t exported = 0;
    std::uint64_t droppedQueueFull = 0; // the collector was too slow
    std::uint64_t droppedRefused = 0;   // it did not want them
    std::uint64_t droppedFailed = 0;    // it was not there for too long
    std::uint64_t waiting = 0;          // requests, each of several spans
};

} // namespace mm::observability
