#include "engine/observability/metrics/histogram.h"

#include <algorithm>

namespace mm::observability {

void Histogram::observe(double value) {
    const auto at = std::lower_bound(m_bounds.begin(), m_bounds.end(), value);
    ++m_counts[static_cast<std::size_t>(at - m_bounds.begin())];
    m_sum += value;
}

} // namespace mm::observability
