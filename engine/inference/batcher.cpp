#include "engine/inference/batcher.h"

namespace mm::inference {
namespace {

// The batch that runs, and the one that is tokenised meanwhile.
constexpr std::int64_t kBatchesAhead = 2;
constexpr int kCritical = kLevels - 1;

} // namespace

BatchDecision decideBatch(const BatchSituation& situation) {
    const std::int64_t window = kBatchesAhead * situation.batchMaxSize * situation.instances;
    BatchDecision decision;
    // What is less urgent never stands in the way: the worker computes the urgent first.
    std::int64_t inTheWay = 0;
    for (int level = kLevels - 1; level >= 0; --level) {
        inTheWay += situation.outstanding[static_cast<std::size_t>(level)];
        if (inTheWay >= window)
            break;
        decision.openFrom = level;
    }
    const bool idle = inTheWay == 0 && decision.openFrom == 0;
    const Instant until = situation.waitingSince + situation.batchMaxWait;
    if (idle && situation.topLevel != kCritical && situation.waitingInputs < situation.batchMaxSize &&
        situation.now < until)
        return {kLevels, until};
    return decision;
}

} // namespace mm::inference
