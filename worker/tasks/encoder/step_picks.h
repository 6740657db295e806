// Which sequences the next step computes: those of the highest priority alone, so that nothing lesser makes their step
// longer. Within it every waiting request gets an equal share of the step's room, the oldest first, and what some do
// not need goes to the others. So a short request never waits for the rest of a long one.
// Pure but for taking from the requests; compute thread.
#pragma once

#include "worker/tasks/encoder/encoder_request.h"

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace mm::worker {

struct Pick {
    EncoderRequest* request = nullptr;
    std::size_t place = 0;
    std::size_t length = 0;
};

struct StepRoom {
    std::size_t tokens = 4096;
    std::size_t sequences = std::numeric_limits<std::size_t>::max();
};

// At least one sequence if any is left, and no more than there is room for beyond that one; longest first.
std::vector<Pick> pickSequences(std::span<EncoderRequest* const> requests, const StepRoom& room);

} // namespace mm::worker
