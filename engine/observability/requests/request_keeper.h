// RequestKeeper: hands requests that failed or were slow to whoever keeps them, many at a time and only so many, so
// that a storm of failures costs neither the engine nor the disk. Engine thread.
#pragma once

#include "engine/base/clock.h"
#include "modelmora/v1/inference.pb.h"

#include <chrono>
#include <functional>
#include <vector>

namespace mm::observability {

namespace v1 = modelmora::v1;

class RequestKeeper {
public:
    using Keep = std::function<void(std::vector<v1::QueueEntry>)>;

    // Slow is what took longer; at most so many between two flushes.
    RequestKeeper(std::chrono::milliseconds slow, Keep keep, std::size_t mostAtOnce = 500)
        : m_slow(slow), m_mostAtOnce(mostAtOnce), m_keep(std::move(keep)) {}

    void setSlow(std::chrono::milliseconds slow) { m_slow = slow; }
    void ended(const v1::QueueEntry& entry);
    // Now and then, and at the end.
    void flush();
    // What was left out because there was too much of it.
    [[nodiscard]] std::int64_t leftOut() const { return m_leftOut; }
    [[nodiscard]] bool isSlow(const v1::QueueEntry& entry) const;

private:
    std::chrono::milliseconds m_slow;
    std::size_t m_mostAtOnce;
    Keep m_keep;
    std::vector<v1::QueueEntry> m_waiting;
    std::int64_t m_leftOut = 0;
};

} // namespace mm::observability
