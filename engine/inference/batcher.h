// Batcher: whether a model's workers should be given more now. A worker forms its batches itself, of what it has; it is
// given enough for the one that runs and the next, whose inputs it tokenises meanwhile, and the rest stays in the
// queue, where its order can still change. Pure: a situation in, a decision out.
#pragma once

#include "engine/base/clock.h"
#include "engine/inference/queue/level.h"

#include <array>
#include <cstdint>
#include <optional>

namespace mm::inference {

struct BatchSituation {
    Instant now;
    // Inputs with the workers, by the level of their requests; a request counts no more than a batch holds.
    std::array<std::int64_t, kLevels> outstanding{};
    int instances = 1;
    int batchMaxSize = 32;
    std::chrono::milliseconds batchMaxWait{0};
    std::int64_t waitingInputs = 0;
    // The most urgent level that waits, and since when something waits for this batch.
    int topLevel = kNormalLevel;
    Instant waitingSince;
};

struct BatchDecision {
    // Requests of this level and above go now; kLevels: none.
    int openFrom = kLevels;
    // Where it is worth waiting for more: until then.
    std::optional<Instant> until;
};

BatchDecision decideBatch(const BatchSituation& situation);

// What a request counts in a window.
[[nodiscard]] constexpr std::int64_t windowInputs(int inputs, int batchMaxSize) {
    return inputs < batchMaxSize ? inputs : batchMaxSize;
}

} // namespace mm::inference
