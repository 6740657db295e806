// Which sequences the next step computes: every waiting request gets an equal share of the step's tokens, the oldest
// first, and what some do not need goes to the others. So a short request never waits for the rest of a long one.
// Pure but for taking from the requests; compute thread.
#pragma once

#include "worker/tasks/embed_request.h"

#include <cstddef>
#include <span>
#include <vector>

namespace mm::worker {

struct Pick {
    EmbedRequest* request = nullptr;
    std::size_t place = 0;
    std::size_t length = 0;
};

// At least one sequence if any is left, and no more than `maxTokens` beyond that one; longest first.
std::vector<Pick> pickSequences(std::span<EmbedRequest* const> requests, std::size_t maxTokens);

} // namespace mm::worker
