// ObservabilityService over this process. Made on the engine thread, callable from any; replies come on the engine
// thread, metrics on a thread of its own, since they take some writing.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/executor.h"
#include "engine/base/log.h"
#include "engine/inference/dispatcher.h"
#include "engine/observability/history/history_thread.h"
#include "engine/observability/metrics/scrape.h"
#include "engine/service/observability/observability_service.h"

#include <QThreadPool>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace mm::service {

class LocalObservabilityService final : public ObservabilityService {
public:
    struct Parts {
        Executor& engine;
        inference::Dispatcher& dispatcher;
        observability::HistoryThread& history;
        observability::MetricsBook& book;
        observability::FiguresSource& figures;
        const Clock& clock;
        std::function<observability::SpanCounts()> spans;
        std::function<std::int64_t()> historyFailures; // as are spans: on the engine thread
        std::function<v1::Diagnosis()> about;          // versions, machine, settings
    };
    explicit LocalObservabilityService(Parts parts);
    ~LocalObservabilityService() override;

    void metrics(Reply<v1::MetricsText> reply) override;
    void history(v1::GetHistoryRequest request, Reply<v1::HistoryReport> reply) override;
    void requests(v1::ListRequestsRequest request, Reply<v1::ListRequestsResponse> reply) override;
    void logLevel(Reply<v1::LogLevelStatus> reply) override;
    void setLogLevel(v1::SetLogLevelRequest request, Reply<v1::LogLevelStatus> reply) override;
    void diagnose(v1::DiagnoseRequest request, Reply<v1::Diagnosis> reply) override;
    void answered(const FaceAnswer& answer) override;

private:
    [[nodiscard]] observability::Scrape scrape();
    [[nodiscard]] std::vector<observability::FaceCount> faceCounts() const;
    [[nodiscard]] std::vector<v1::QueueEntry> live(const v1::ListRequestsRequest& filter) const;
    [[nodiscard]] v1::LogLevelStatus levelStatus() const;

    Parts m_parts;
    Instant m_started;
    log::Level m_configured;
    mutable std::mutex m_mutex; // guards the next
    std::unordered_map<std::string, observability::FaceCount> m_faces;
    QThreadPool m_writer;
};

} // namespace mm::service
