// RunningLevels: how many requests are with workers, by level, and until when the more urgent ones were. Plain
// bookkeeping of the Dispatcher's.
#pragma once

#include "engine/base/clock.h"
#include "engine/inference/queue/level.h"

#include <array>
#include <cstddef>

namespace mm::inference {

class RunningLevels {
public:
    void began(int level) { ++m_levels.at(static_cast<std::size_t>(level)).running; }
    void ended(int level, Instant now) {
        Level& which = m_levels.at(static_cast<std::size_t>(level));
        --which.running;
        which.busyUntil = now;
    }

    [[nodiscard]] std::size_t all() const {
        std::size_t sum = 0;
        for (const Level& level : m_levels)
            sum += level.running;
        return sum;
    }
    // When something more urgent was last with a worker, and so may have been computed first: now, where it still is.
    [[nodiscard]] Instant busyAbove(int level, Instant now) const {
        Instant until = Instant::min();
        for (auto above = static_cast<std::size_t>(level) + 1; above < m_levels.size(); ++above)
            until = std::max(until, m_levels.at(above).running > 0 ? now : m_levels.at(above).busyUntil);
        return until;
    }

private:
    struct Level {
        std::size_t running = 0;
        Instant busyUntil = Instant::min();
    };
    std::array<Level, kLevels> m_levels;
};

} // namespace mm::inference
