// Admission: what is refused before it costs anything: a timeout out of range, more requests than are allowed to wait
// or run, a request that no worker takes in one piece. Pure: counts and limits in, error with the numbers out.
#pragma once

#include "engine/inference/ports.h"

#include <chrono>
#include <cstddef>

namespace mm::inference {

struct DispatcherOptions {
    // Requests that are not finished yet, in all and of one model; above it, QueueFull.
    std::size_t maxRequests = 10'000;
    std::size_t maxRequestsPerModel = 4'096;
    std::chrono::seconds defaultTimeout{60};
    std::chrono::seconds maxTimeout{600};
};

Result<std::chrono::seconds> checkTimeout(std::int32_t seconds, const DispatcherOptions& options);
Result<void> checkRoom(std::size_t all, std::size_t ofModel, const std::string& modelId,
                       const DispatcherOptions& options);
// BatchSizeExceeded for a batch, PayloadTooLarge for a single input.
Result<void> checkSize(const v1::InferenceRequest& request);

} // namespace mm::inference
