// What lifecycle and jobs tell, as counts. Engine thread; the book outlives them.
#pragma once

#include "engine/inference/jobs/ports.h"
#include "engine/lifecycle/ports.h"
#include "engine/observability/metrics/metrics_book.h"

#include <map>
#include <string>
#include <utility>

namespace mm::app {

class LifecycleMetrics final : public lifecycle::LifecycleListener {
public:
    LifecycleMetrics(observability::MetricsBook& book, const Clock& clock) : m_book(book), m_clock(clock) {}

    void onStateChanged(const lifecycle::StateChange& change) override;
    void onLoadProgress(const std::string&, int, const lifecycle::v1::LoadStage&) override {}

private:
    observability::MetricsBook& m_book;
    const Clock& m_clock;
    std::map<std::pair<std::string, int>, Instant> m_loading; // since when
};

class JobMetrics final : public inference::JobListener {
public:
    explicit JobMetrics(observability::MetricsBook& book) : m_book(book) {}

    void onJobAccepted(const inference::Job& job) override;
    void onWebhook(const inference::Job& job) override;
    void onJobEnded(const inference::Job& job) override;

private:
    observability::MetricsBook& m_book;
};

} // namespace mm::app
