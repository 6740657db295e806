// Histogram: counts of values by fixed bounds, as Prometheus wants them. Plain value.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mm::observability {

// Seconds; and inputs of a batch.
inline constexpr std::array kDurationBounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                            0.5,   1.0,    2.0,   5.0,  10.0,  30.0, 60.0};
inline constexpr std::array kLoadBounds{0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0};
inline constexpr std::array kBatchBounds{1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0};

class Histogram {
public:
    // The bounds live for ever, and there are at most as many as below.
    explicit constexpr Histogram(std::span<const double> bounds) : m_bounds(bounds) {}

    void observe(double value);
    [[nodiscard]] std::span<const double> bounds() const { return m_bounds; }
    // Of values above the bound before and up to this one; one more than bounds.
    [[nodiscard]] std::uint64_t count(std::size_t bucket) const { return m_counts[bucket]; }
    [[nodiscard]] double sum() const { return m_sum; }

private:
    static constexpr std::size_t kMostBuckets = 16;

    std::span<const double> m_bounds;
    std::array<std::uint64_t, kMostBuckets> m_counts{};
    double m_sum = 0;
};

static_assert(kDurationBounds.size() < 16 && kBatchBounds.size() < 16);

} // namespace mm::observability
