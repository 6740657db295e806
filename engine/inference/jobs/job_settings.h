// What an operator may set about jobs, and the bounds that hold them in. Plain values.
#pragma once

#include "engine/inference/jobs/job_pieces.h"

#include <chrono>
#include <cstdint>

namespace mm::inference {

struct JobSettings {
    std::int64_t maxUnfinished = 10'000;
    std::int64_t maxPayloadBytes = std::int64_t{1} << 30;
    // Room that is left to others on the disk.
    std::int64_t reservedDiskBytes = std::int64_t{64} << 20;
    std::chrono::seconds keepFor = std::chrono::hours(24 * 7);
    // Inputs of jobs that failed or were cancelled, so that they can be tried again; the oldest go first.
    std::int64_t maxKeptInputBytes = std::int64_t{4} << 30;
    PieceBounds piece;
    // At one time: of one client for one model at one priority, and in all.
    int piecesPerLane = 3;
    int piecesInAll = 256;
    // A piece that was started so often and never ended, since the engine or the worker did, is given up.
    int maxStarts = 3;
    // How often what may pass (too little memory, a worker that does not start) is tried again before it counts.
    int maxRefusals = 8;
    std::chrono::milliseconds firstPause{1000}; // doubles each time
    std::chrono::milliseconds longestPause{60'000};
};

} // namespace mm::inference
