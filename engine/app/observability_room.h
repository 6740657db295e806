// Everything that metrics, history, kept requests and traces are made of, put together. Made when the database is up to
// date, since it keeps tables there; the contexts tell it what happens until they are gone. Engine thread.
#pragma once

#include "engine/app/adapters/listener_lists.h"
#include "engine/app/adapters/observability/engine_figures_adapter.h"
#include "engine/app/adapters/observability/lifecycle_metrics.h"
#include "engine/app/adapters/observability/request_log.h"
#include "engine/app/adapters/observability/request_metrics.h"
#include "engine/app/settings.h"
#include "engine/service/observability/local_observability_service.h"

#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace mm::app {

class ObservabilityRoom {
public:
    // Clock and executor outlive the room. Blocks while the database is opened.
    static Result<std::unique_ptr<ObservabilityRoom>> open(const Settings& settings, const Clock& clock,
                                                           Executor& engineThread);
    ~ObservabilityRoom();
    ObservabilityRoom(const ObservabilityRoom&) = delete;
    ObservabilityRoom& operator=(const ObservabilityRoom&) = delete;

    // Joins those who are told what happens.
    void listen(LifecycleListeners& lifecycle, InferenceListeners& inference);
    // Who is told of jobs: this room and the other.
    [[nodiscard]] inference::JobListener& jobs(inference::JobListener& other);

    struct Contexts {
        const registry::Catalogue& catalogue;
        const lifecycle::LifecycleManager& lifecycle;
        inference::Dispatcher& dispatcher;
        const lifecycle::MachineProbe& machine;
    };
    // From now on there is something to tell.
    void connect(const Contexts& contexts, std::function<observability::v1::Diagnosis()> about);
    // Those of its settings that may change.
    void setOptions(const Settings& settings);
    // The contexts are about to go.
    void stop();

    [[nodiscard]] service::ObservabilityService& service() { return *m_service; }

private:
    ObservabilityRoom(const Settings& settings, const Clock& clock, Executor& engineThread,
                      std::unique_ptr<observability::HistoryThread> history);
    void awaitNextSpan();
    void takeSpan(WallTime at);
    void keepRequests(std::vector<observability::v1::QueueEntry> entries);
    [[nodiscard]] observability::SpanCounts spanCounts() const;
    template <typename T>
    void noteFailure(const Result<T>& written, const char* what);

    const Settings& m_settings;
    const Clock& m_clock;
    Executor& m_engineThread;
    std::unique_ptr<observability::HistoryThread> m_history;
    observability::MetricsBook m_book;
    observability::HistoryRecorder m_recorder;
    observability::RequestKeeper m_keeper;
    std::unique_ptr<observability::SpanExporter> m_exporter; // null: nobody takes spans
    service::ResourceMeter m_resources;
    RequestMetrics m_requestMetrics;
    RequestLog m_requestLog;
    std::optional<RequestTraces> m_requestTraces;
    LifecycleMetrics m_lifecycleMetrics;
    JobMetrics m_jobMetrics;
    JobListeners m_jobs;
    std::unique_ptr<EngineFiguresAdapter> m_figures;
    std::unique_ptr<service::LocalObservabilityService> m_service;
    QTimer m_spanTimer;
    QTimer m_keepTimer;
    Instant m_spanBegan;
    std::int64_t m_failures = 0;
    bool m_failing = false;
    std::shared_ptr<const bool> m_alive = std::make_shared<const bool>(true);
};

} // namespace mm::app
