// TokenBucket: how much of something may be used, refilled steadily up to its capacity. What is charged afterwards may
// leave a debt. Time is what the caller says: monotonic, and where it seems to go back nothing is refilled. Plain
// value, not thread-safe.
#pragma once

#include "engine/base/clock.h"

namespace mm::access {

class TokenBucket {
public:
    // Full at the beginning, and full again after `period` of rest. `capacity` is above zero.
    TokenBucket(double capacity, std::chrono::duration<double> period, Instant now)
        : m_capacity(capacity), m_perSecond(capacity / period.count()), m_level(capacity), m_last(now) {}

    // Takes `amount` where there is as much.
    bool take(double amount, Instant now);
    // Takes it whatever there is.
    void charge(double amount, Instant now);
    [[nodiscard]] double level(Instant now) const;
    // Until there is `amount`; zero where there is now. What is more than the capacity is waited for as the capacity.
    [[nodiscard]] std::chrono::duration<double> until(double amount, Instant now) const;

private:
    void refill(Instant now);

    double m_capacity;
    double m_perSecond;
    double m_level;
    Instant m_last;
};

} // namespace mm::access
