#include "worker/runtime/micro_batches.h"

#include <algorithm>
#include <numeric>

namespace mm::worker {

std::vector<std::vector<std::size_t>> microBatches(std::span<const std::int32_t> lengths,
                                                   const MicroBatchLimits& limits) {
    std::vector<std::size_t> order(lengths.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return lengths[a] > lengths[b]; });

    std::vector<std::vector<std::size_t>> groups;
    std::size_t tokens = 0;
    for (const std::size_t index : order) {
        const std::size_t length = static_cast<std::size_t>(std::max(lengths[index], 0));
        const bool fits = !groups.empty() && tokens + length <= limits.maxTokens &&
                          groups.back().size() < std::max<std::size_t>(limits.maxSequences, 1);
        if (!fits) {
            groups.emplace_back();
            tokens = 0;
        }
        groups.back().push_back(index);
        tokens += length;
    }
    return groups;
}

} // namespace mm::worker
