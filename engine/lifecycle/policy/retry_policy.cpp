#include "engine/lifecycle/policy/retry_policy.h"

namespace mm::lifecycle {

void FailureHistory::record(Instant when) {
    m_failures.push_back(when);
    while (m_failures.size() > static_cast<std::size_t>(m_options.failures))
        m_failures.pop_front();
}

std::optional<Instant> FailureHistory::blockedUntil(Instant now) const {
    if (m_failures.size() < static_cast<std::size_t>(m_options.failures))
        return std::nullopt;
    if (m_failures.back() - m_failures.front() > m_options.window)
        return std::nullopt;
    const Instant until = m_failures.back() + m_options.pause;
    return now < until ? std::optional(until) : std::nullopt;
}

} // namespace mm::lifecycle
