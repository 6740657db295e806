// What inference tells, as counts, as history, as requests that are kept and as traces. Engine thread; what it writes
// to outlives it.
#pragma once

#include "engine/inference/ports.h"
#include "engine/observability/history/history_recorder.h"
#include "engine/observability/metrics/metrics_book.h"
#include "engine/observability/requests/request_keeper.h"
#include "engine/observability/tracing/span_exporter.h"

namespace mm::app {

class RequestMetrics final : public inference::InferenceListener {
public:
    struct Parts {
        observability::MetricsBook& book;
        observability::HistoryRecorder& history;
    };
    explicit RequestMetrics(Parts parts) : m_parts(parts) {}

    void onBatch(const inference::BatchSent& batch) override;
    void onFinished(const inference::RequestEnd& end) override;
    void onEnded(const inference::WholeEnd& end) override;
    void onRefused(const inference::RequestRefusal& refusal) override;

private:
    Parts m_parts;
};

class RequestTraces final : public inference::InferenceListener {
public:
    explicit RequestTraces(observability::SpanExporter& exporter) : m_exporter(exporter) {}

    void onBatch(const inference::BatchSent&) override {}
    // Of parts: each is a span of its own below the request's.
    void onFinished(const inference::RequestEnd& end) override;
    void onEnded(const inference::WholeEnd& end) override;
    void onRefused(const inference::RequestRefusal& refusal) override;

private:
    observability::SpanExporter& m_exporter;
};

} // namespace mm::app
