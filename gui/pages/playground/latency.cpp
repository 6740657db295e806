#include "gui/pages/playground/latency.h"

#include <algorithm>
#include <cmath>

namespace mm::gui {
namespace {

// The smallest that so many of all are not slower than.
double percentile(const std::vector<double>& sorted, double part) {
    if (sorted.empty())
        return 0;
    const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(sorted.size())));
    return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

} // namespace

LatencySummary summarise(std::vector<double> latencies, int failed, double seconds) {
    std::sort(latencies.begin(), latencies.end());
    LatencySummary summary;
    summary.done = static_cast<int>(latencies.size());
    summary.failed = failed;
    summary.perSecond = seconds > 0 ? summary.done / seconds : 0;
    summary.p50 = percentile(latencies, 0.50);
    summary.p95 = percentile(latencies, 0.95);
    summary.p99 = percentile(latencies, 0.99);
    return summary;
}

Histogram histogramOf(std::vector<double> latencies, int bars) {
    constexpr double kBeyond = 1.1;
    std::sort(latencies.begin(), latencies.end());
    Histogram histogram{0, std::vector<int>(static_cast<std::size_t>(bars), 0)};
    if (latencies.empty())
        return histogram;
    histogram.width = std::max(percentile(latencies, 0.99) * kBeyond / bars, 1e-6);
    for (const double latency : latencies) {
        const double bar = latency / histogram.width;
        ++histogram.counts[static_cast<std::size_t>(std::clamp(bar, 0.0, bars - 1.0))];
    }
    return histogram;
}

} // namespace mm::gui
