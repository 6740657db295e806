#include "tests/bench/load/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace mm::load {

// Values below 2^(kFineBits + 1) have a bucket each; above, the leading bit and the kFineBits after it name the bucket.
std::size_t LatencyHistogram::bucketOf(std::uint64_t value) {
    const int width = std::bit_width(value);
    if (width <= kFineBits + 1)
        return value;
    const int shift = width - kFineBits - 1;
    return (static_cast<std::size_t>(shift) << kFineBits) + (value >> shift);
}

std::uint64_t LatencyHistogram::upperEnd(std::size_t bucket) {
    constexpr std::size_t kExact = std::size_t{2} << kFineBits;
    if (bucket < kExact)
        return bucket;
    const std::size_t shift = (bucket >> kFineBits) - 1;
    const std::uint64_t lead = bucket - (shift << kFineBits);
    return ((lead + 1) << shift) - 1;
}

void LatencyHistogram::record(std::int64_t nanoseconds) {
    const auto value = static_cast<std::uint64_t>(std::max<std::int64_t>(nanoseconds, 0));
    ++m_buckets[std::min(bucketOf(value), kBuckets - 1)];
    ++m_count;
    m_max = std::max(m_max, value);
    m_sum += static_cast<double>(value);
}

double LatencyHistogram::meanMicros() const {
    return m_count == 0 ? 0 : m_sum / static_cast<double>(m_count) / 1e3;
}

double LatencyHistogram::percentileMicros(double fraction) const {
    if (m_count == 0)
        return 0;
    const auto wanted =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(fraction * static_cast<double>(m_count))));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
        seen += m_buckets[bucket];
        if (seen >= wanted)
            return static_cast<double>(std::min(upperEnd(bucket), m_max)) / 1e3;
    }
    return maxMicros();
}

} // namespace mm::load
