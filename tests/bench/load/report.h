// The load generator's report: one JSON object with a row for each stream, and what the generator itself has cost.
#pragma once

#include "tests/bench/load/stream_result.h"

#include <string>
#include <vector>

namespace mm::load {

// `cpuSeconds` is the processor time of the generator over warm-up and run.
std::string toJson(const std::vector<StreamResult>& results, double seconds, double cpuSeconds);

} // namespace mm::load
