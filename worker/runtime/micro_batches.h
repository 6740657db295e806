// Splits a batch into groups that are run together: sequences sorted by length, each group bounded by tokens so that
// its activations stay in a core's cache. Pure, any thread; no tensor library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mm::worker {

struct MicroBatchLimits {
    std::size_t maxTokens = 4096; // a longer sequence is a group of its own
    std::size_t maxSequences = 512;
};

// Indices into lengths; every index exactly once, longest first, equal lengths in their given order.
std::vector<std::vector<std::size_t>> microBatches(std::span<const std::int32_t> lengths,
                                                   const MicroBatchLimits& limits);

} // namespace mm::worker
