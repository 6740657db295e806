#include "engine/observability/history/distribution.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace mm::observability {
namespace {

constexpr double kPerDoubling = 8;
constexpr double kMicros = 1000;

// The middle of a bucket, as its sizes grow.
double sizeOf(std::uint32_t bucket) {
    return std::exp2((bucket + 0.5) / kPerDoubling) / kMicros;
}

} // namespace

void Distribution::observe(double milliseconds) {
    const double micros = milliseconds * kMicros;
    std::size_t bucket = 0;
    if (micros > 1)
        bucket = std::min(kBuckets - 1, static_cast<std::size_t>(std::log2(micros) * kPerDoubling));
    ++m_counts[bucket];
    ++m_total;
}

hv1::Distribution Distribution::toMessage() const {
    hv1::Distribution message;
    for (std::size_t i = 0; i < kBuckets; ++i) {
        if (m_counts[i] == 0)
            continue;
        message.add_buckets(static_cast<std::uint32_t>(i));
        message.add_counts(m_counts[i]);
    }
    return message;
}

void Distribution::clear() {
    if (isEmpty())
        return;
    m_counts.fill(0);
    m_total = 0;
}

void add(hv1::Distribution& sum, const hv1::Distribution& more) {
    std::map<std::uint32_t, std::uint64_t> counts;
    for (const hv1::Distribution* each : {static_cast<const hv1::Distribution*>(&sum), &more})
        for (int i = 0; i < std::min(each->buckets_size(), each->counts_size()); ++i)
            counts[each->buckets(i)] += each->counts(i);
    sum.Clear();
    for (const auto& [bucket, count] : counts) {
        sum.add_buckets(bucket);
        sum.add_counts(count);
    }
}

double percentile(const hv1::Distribution& distribution, double share) {
    std::uint64_t all = 0;
    for (const std::uint64_t count : distribution.counts())
        all += count;
    if (all == 0)
        return 0;
    const auto rank = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(all)));
    std::uint64_t seen = 0;
    for (int i = 0; i < std::min(distribution.buckets_size(), distribution.counts_size()); ++i) {
        seen += distribution.counts(i);
        if (seen >= rank)
            return sizeOf(distribution.buckets(i));
    }
    return sizeOf(distribution.buckets(distribution.buckets_size() - 1));
}

} // namespace mm::observability
