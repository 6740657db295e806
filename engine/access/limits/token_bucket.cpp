#include "engine/access/limits/token_bucket.h"

#include <algorithm>

namespace mm::access {

double TokenBucket::level(Instant now) const {
    if (now <= m_last)
        return m_level;
    return std::min(m_capacity, m_level + m_perSecond * std::chrono::duration<double>(now - m_last).count());
}

void TokenBucket::refill(Instant now) {
    m_level = level(now);
    m_last = std::max(m_last, now);
}

bool TokenBucket::take(double amount, Instant now) {
    refill(now);
    if (m_level < amount)
        return false;
    m_level -= amount;
    return true;
}

void TokenBucket::charge(double amount, Instant now) {
    refill(now);
    m_level -= amount;
}

std::chrono::duration<double> TokenBucket::until(double amount, Instant now) const {
    const double missing = std::min(amount, m_capacity) - level(now);
    return std::chrono::duration<double>(missing <= 0 ? 0 : missing / m_perSecond);
}

} // namespace mm::access
