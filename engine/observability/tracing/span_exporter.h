// SpanExporter: sends the traces of requests to a collector over OTLP/HTTP, from a thread of its own, many at a time.
// What waits is bounded; a collector that is slow or gone costs spans, which are counted, and nobody's time. Destroying
// it tries once more to send what waits, for `patience` at most. Any thread.
#pragma once

#include "engine/base/qt_executor.h"
#include "engine/observability/span_counts.h"
#include "engine/observability/tracing/span_messages.h"

#include <QThread>

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace mm::observability {

struct ExporterOptions {
    std::string endpoint; // the whole URL
    TraceResource resource;
    std::size_t mostWaiting = 8'192; // requests
    std::size_t mostAtOnce = 512;    // in one POST
    std::chrono::milliseconds every{1'000};
    std::chrono::milliseconds timeout{10'000};
    std::chrono::milliseconds firstPause{1'000}; // before what failed is sent again; doubles each time
    int attempts = 6;
    std::chrono::milliseconds patience{2'000};
};

class SpanExporter {
public:
    explicit SpanExporter(ExporterOptions options);
    ~SpanExporter();
    SpanExporter(const SpanExporter&) = delete;
    SpanExporter& operator=(const SpanExporter&) = delete;

    // Never waits.
    void add(EndedTrace ended);
    [[nodiscard]] SpanCounts counts() const;

private:
    class Sender;

    ExporterOptions m_options;
    mutable std::mutex m_mutex;
    std::vector<EndedTrace> m_waiting;
    SpanCounts m_counts;
    QThread m_thread;
    std::unique_ptr<QtExecutor> m_executor; // lives on m_thread, as the sender does
    std::unique_ptr<Sender> m_sender;
};

} // namespace mm::observability
