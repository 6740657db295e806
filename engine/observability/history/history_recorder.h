// HistoryRecorder: what happens between two readings, by model, until it is taken as a span. Engine thread only.
#pragma once

#include "engine/observability/engine_figures.h"
#include "engine/observability/history/distribution.h"
#include "engine/observability/metrics/metrics_book.h"
#include "modelmora/v1/inference.pb.h"

#include <string_view>
#include <unordered_map>

namespace mm::observability {

class HistoryRecorder {
public:
    void ended(const v1::QueueEntry& entry);
    // A worker has computed this many inputs of that model ("org/repo@version").
    void computed(std::string_view key, int inputs, const v1::InferenceMetadata& metadata);

    // What happened since the last was taken, with how things stand now.
    [[nodiscard]] hv1::Span take(const EngineFigures& figures, std::int64_t engineBytes);

private:
    struct Sums {
        hv1::Model counts;
        Distribution latency;
        Distribution queue;
        bool isTouched = false;
    };
    Sums& of(std::string_view key);

    std::unordered_map<std::string, Sums, MetricsBook::Hash, std::equal_to<>> m_models;
};

} // namespace mm::observability
