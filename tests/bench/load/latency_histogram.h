// LatencyHistogram: counts of durations in buckets whose width grows with the value, so that every percentile is within
// 1 % and recording is a few instructions. A value; one thread.
#pragma once

#include <array>
#include <cstdint>

namespace mm::load {

class LatencyHistogram {
public:
    void record(std::int64_t nanoseconds);

    [[nodiscard]] std::uint64_t count() const { return m_count; }
    [[nodiscard]] double meanMicros() const;
    [[nodiscard]] double maxMicros() const { return static_cast<double>(m_max) / 1e3; }
    // The smallest duration that `fraction` (0..1) of all are at or below; 0 where nothing was recorded.
    [[nodiscard]] double percentileMicros(double fraction) const;

private:
    static constexpr int kFineBits = 6; // 64 buckets for each power of two
    static constexpr std::size_t kBuckets = std::size_t{65 - kFineBits} << kFineBits;

    static std::size_t bucketOf(std::uint64_t value);
    static std::uint64_t upperEnd(std::size_t bucket);

    std::array<std::uint64_t, kBuckets> m_buckets{};
    std::uint64_t m_count = 0;
    std::uint64_t m_max = 0;
    double m_sum = 0;
};

} // namespace mm::load
