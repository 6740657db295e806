// Distribution: how long things took, as counts in buckets that each begin 2^(1/8) times where the one before begins,
// so that percentiles of any sum of them are right to within half of that, 4.5 %. Plain value.
#pragma once

#include "modelmora/history/v1/history.pb.h"

#include <array>
#include <cstdint>

namespace mm::observability {

namespace hv1 = modelmora::history::v1;

class Distribution {
public:
    // Below a microsecond counts as one; above twenty minutes as that.
    void observe(double milliseconds);
    [[nodiscard]] bool isEmpty() const { return m_total == 0; }
    [[nodiscard]] hv1::Distribution toMessage() const;
    void clear();

private:
    static constexpr std::size_t kBuckets = 248;
    std::array<std::uint32_t, kBuckets> m_counts{};
    std::uint64_t m_total = 0;
};

// Both in the order of their buckets, as toMessage() makes them.
void add(hv1::Distribution& sum, const hv1::Distribution& more);
// In milliseconds, `share` from 0 to 1; 0 of nothing.
[[nodiscard]] double percentile(const hv1::Distribution& distribution, double share);

} // namespace mm::observability
