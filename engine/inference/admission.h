// Admission: what is refused before it costs anything: a timeout out of range, more requests than are allowed to wait
// or run, a request that no worker takes in one piece. Pure: counts and limits in, error with the numbers out.
#pragma once

#include "engine/inference/ports.h"
#include "engine/inference/queue/fair_share.h"

#include <chrono>
#include <cstddef>

namespace mm::inference {

struct DispatcherOptions {
    // Requests that are not finished yet, in all and of one model, and their bytes; above it, QueueFull.
    std::size_t maxRequests = 10'000;
    std::size_t maxRequestsPerModel = 4'096;
    std::int64_t maxBytes = std::int64_t{1} << 30;
    std::chrono::seconds defaultTimeout{60};
    std::chrono::seconds maxTimeout{600};
    // Who has waited that long goes up one priority; zero: nobody does.
    std::chrono::seconds ageing{0};
    ClientWeights clientWeights;
    // Finished requests that can still be asked for.
    std::size_t maxFinished = 10'000;
};

// How full it is, and when half of what is ahead will be done, as far as is known.
struct Occupancy {
    std::size_t all = 0;
    std::size_t ofModel = 0;
    std::int64_t bytes = 0;
    std::chrono::seconds halfDone{1};
};

// Values that this version does not know come from newer clients.
Result<void> checkEmbeddingFormat(const v1::InferenceRequest& request);

Result<std::chrono::seconds> checkTimeout(std::int32_t seconds, const DispatcherOptions& options);
Result<void> checkRoom(const Occupancy& occupancy, std::int64_t bytes, const std::string& modelId,
                       const DispatcherOptions& options);
// The request's bytes. BatchSizeExceeded for a batch, PayloadTooLarge for a single input.
Result<std::int64_t> checkSize(const v1::InferenceRequest& request);

} // namespace mm::inference
