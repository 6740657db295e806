// StreamResult: what came of one stream within the measured time. A value; the generator fills it, the report writes
// it.
#pragma once

#include "tests/bench/load/latency_histogram.h"

#include <cstdint>
#include <map>
#include <string>

namespace mm::load {

struct StreamResult {
    std::string name;
    LatencyHistogram latency; // of answers with a 2xx status; in an open loop from when the request fell due
    std::map<int, std::uint64_t> statuses;
    std::uint64_t lostConnections = 0; // closed or broken while an answer was owed
    std::uint64_t unanswered = 0;      // still owed when waiting for the last answers was given up
    std::uint64_t notSent = 0;         // fell due, but no connection was free until the end (open loop)
    std::string firstProblem;          // what went wrong first, if anything did
};

} // namespace mm::load
