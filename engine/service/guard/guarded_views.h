// The services that answer about the whole engine, behind the gate: a caller whose key names models sees those. What is
// asked by the engine itself, in nobody's name, is answered whole. Any thread.
#pragma once

#include "engine/service/events/event_service.h"
#include "engine/service/guard/guard.h"
#include "engine/service/observability/observability_service.h"
#include "engine/service/system_service.h"

namespace mm::service {

class GuardedSystemService final : public SystemService {
public:
    // It outlives this, as it does below.
    explicit GuardedSystemService(SystemService& system) : m_system(system) {}

    void status(Reply<v1::SystemStatus> reply) override;
    void memory(Reply<v1::MemoryLedger> reply) override;
    void evictionOrder(Reply<v1::EvictionOrder> reply) override;
    void modelHealth(Reply<v1::ModelHealthResponse> reply) override;
    void readiness(Reply<v1::ReadinessResponse> reply) override { m_system.readiness(std::move(reply)); }

private:
    SystemService& m_system;
};

class GuardedEventService final : public EventService {
public:
    explicit GuardedEventService(EventService& events) : m_events(events) {}

    using EventService::watch;
    void watch(v1::WatchEventsRequest request, events::MayKnow mayKnow, Reply<Watch> reply) override;

private:
    EventService& m_events;
};

// Metrics and a diagnosis are of the whole engine and name every model: who may not see that gets neither.
class GuardedObservabilityService final : public ObservabilityService {
public:
    GuardedObservabilityService(ObservabilityService& observability, const Guard& guard)
        : m_observability(observability), m_guard(guard) {}

    void metrics(Reply<v1::MetricsText> reply) override;
    void history(v1::GetHistoryRequest request, Reply<v1::HistoryReport> reply) override;
    void requests(v1::ListRequestsRequest request, Reply<v1::ListRequestsResponse> reply) override;
    void logLevel(Reply<v1::LogLevelStatus> reply) override { m_observability.logLevel(std::move(reply)); }
    void setLogLevel(v1::SetLogLevelRequest request, Reply<v1::LogLevelStatus> reply) override {
        m_observability.setLogLevel(std::move(request), std::move(reply));
    }
    void diagnose(v1::DiagnoseRequest request, Reply<v1::Diagnosis> reply) override;
    void answered(const FaceAnswer& answer) override { m_observability.answered(answer); }

private:
    ObservabilityService& m_observability;
    const Guard& m_guard;
};

} // namespace mm::service
