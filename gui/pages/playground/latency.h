// What a load test says: how many a second, how long they took. Pure.
#pragma once

#include <vector>

namespace mm::gui {

struct LatencySummary {
    int done = 0;
    int failed = 0;
    double perSecond = 0;
    double p50 = 0; // ms; 0 where none is done
    double p95 = 0;
    double p99 = 0;
};

LatencySummary summarise(std::vector<double> latencies, int failed, double seconds);

struct Histogram {
    double width = 0; // of each bar, ms
    std::vector<int> counts;
};

// From 0 to a little beyond the slowest of all but one in a hundred; what is slower is in the last bar.
Histogram histogramOf(std::vector<double> latencies, int bars);

} // namespace mm::gui
