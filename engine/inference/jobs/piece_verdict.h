// What becomes of a piece that ended with an error: run again, and when, or the end of its job. Pure, any thread.
#pragma once

#include "engine/base/error.h"
#include "engine/inference/jobs/job_settings.h"

#include <chrono>

namespace mm::inference {

struct PieceHistory {
    int starts = 0;   // this one included
    int refusals = 0; // ends before this one that were not the piece's own
};

struct PieceVerdict {
    enum class Next { Again, Fail, Cancel };
    Next next = Next::Fail;
    // The piece itself may be what ended its worker: it keeps its start, and runs alone next time.
    bool suspect = false;
    std::chrono::milliseconds after{0};
};

PieceVerdict judge(const Error& error, const PieceHistory& history, const JobSettings& settings);

// A piece that the engine's end has interrupted as often as may be.
[[nodiscard]] bool givenUp(int starts, const JobSettings& settings);
Error gaveUp(int starts, const std::string& last);

} // namespace mm::inference
