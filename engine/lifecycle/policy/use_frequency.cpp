#include "engine/lifecycle/policy/use_frequency.h"

#include <cmath>

namespace mm::lifecycle {

void UseFrequency::record(Instant now, double uses) {
    m_weight = at(now) + uses;
    m_at = now;
}

double UseFrequency::at(Instant now) const {
    if (m_weight == 0 || now <= m_at)
        return m_weight;
    return m_weight * std::exp2(-toMilliseconds(now - m_at) / static_cast<double>(m_halfLife.count()));
}

} // namespace mm::lifecycle
