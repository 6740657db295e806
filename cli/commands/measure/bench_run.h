// Clients that ask an engine as fast as it answers, each on a thread and a connection of its own.
#pragma once

#include "cli/client/engine_client.h"
#include "cli/commands/measure/bench_figures.h"

#include <chrono>
#include <functional>
#include <vector>

namespace mm::cli {

struct BenchOrder {
    EngineClient::Options engine;
    std::vector<v1::InferenceRequest> requests; // taken in turns
    int concurrency = 1;
    std::chrono::milliseconds duration{5000}; // or until
    std::int64_t count = 0;                   // so many requests are done, where that is not 0
};

struct BenchOutcome {
    double seconds = 0;
    BenchTally tally;
};

// Each client asks twice before the clock starts. `progress` is called on this thread, some times a second, with the
// part that is done, from 0 to 1.
BenchOutcome runBench(const BenchOrder& order, const std::function<void(double)>& progress);

} // namespace mm::cli
