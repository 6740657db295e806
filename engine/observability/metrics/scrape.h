// Scrape: all that one answer of /metrics is made of, copied on the engine thread so that it can be written elsewhere.
// Plain values.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/logs/log_control.h"
#include "engine/observability/engine_figures.h"
#include "engine/observability/metrics/metrics_book.h"
#include "engine/observability/span_counts.h"

#include <map>
#include <string>
#include <vector>

namespace mm::observability {

// Answers that a face has given to one route with one code.
struct FaceCount {
    std::string face;
    std::string method;
    std::string route;
    std::string code;
    std::uint64_t answers = 0;
};

struct Scrape {
    MetricsBook book;
    EngineFigures figures;
    std::vector<FaceCount> faces;
    log::LineCounts log;
    SpanCounts spans;
    std::int64_t historyFailures = 0; // spans of time or requests that could not be kept
};

// As Prometheus reads it (text format 0.0.4). Looks into /proc for the engine and its workers; a millisecond or so for
// each ten models.
inline constexpr const char* kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";
[[nodiscard]] std::string exposition(const Scrape& scrape);

} // namespace mm::observability
