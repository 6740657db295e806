// When a model that keeps failing may be tried again: after some failures within a window, requests are answered at
// once with the reason until a pause has passed; an explicit load always tries. Pure: times in, decision out.
#pragma once

#include "engine/base/clock.h"

#include <chrono>
#include <deque>
#include <optional>

namespace mm::lifecycle {

struct RetryOptions {
    int failures = 3;
    std::chrono::milliseconds window{60'000};
    std::chrono::milliseconds pause{30'000};
};

class FailureHistory {
public:
    explicit FailureHistory(RetryOptions options) : m_options(options) {}

    void record(Instant when);
    void clear() { m_failures.clear(); }
    // Until when requests are refused; nothing when a load may be tried now.
    [[nodiscard]] std::optional<Instant> blockedUntil(Instant now) const;
    [[nodiscard]] int recent() const { return static_cast<int>(m_failures.size()); }

private:
    RetryOptions m_options;
    std::deque<Instant> m_failures; // the latest `failures` of them
};

} // namespace mm::lifecycle
