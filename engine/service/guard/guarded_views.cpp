#include "engine/service/guard/guarded_views.h"

#include "engine/access/decide.h"
#include "engine/service/guard/scope_views.h"

#include <utility>

namespace mm::service {

using access::Operation;

namespace {

// What names every model, and cannot be told without.
Result<void> mayKnowAll(access::Gate& gate, Operation operation) {
    const access::IdentityPtr& identity = CallerScope::identity();
    if (!knownTo(identity))
        return {};
    return gate.refuse(identity, operation, {},
                       {ErrorCode::PermissionDenied,
                        identity->name + " may use some models only, and this is about all of them. Ask an "
                                         "administrator for a key without models.",
                        {{"operation", std::string(access::ruleOf(operation).name)}, {"models", identity->models}}});
}

} // namespace

void GuardedSystemService::status(Reply<v1::SystemStatus> reply) {
    m_system.status(seenBy(CallerScope::identity(), std::move(reply)));
}

void GuardedSystemService::memory(Reply<v1::MemoryLedger> reply) {
    m_system.memory(seenBy(CallerScope::identity(), std::move(reply)));
}

void GuardedSystemService::evictionOrder(Reply<v1::EvictionOrder> reply) {
    m_system.evictionOrder(seenBy(CallerScope::identity(), std::move(reply)));
}

void GuardedSystemService::modelHealth(Reply<v1::ModelHealthResponse> reply) {
    m_system.modelHealth(seenBy(CallerScope::identity(), std::move(reply)));
}

void GuardedEventService::watch(v1::WatchEventsRequest request, events::MayKnow mayKnow, Reply<Watch> reply) {
    if (auto known = knownTo(CallerScope::identity()))
        mayKnow = std::move(known);
    m_events.watch(std::move(request), std::move(mayKnow), std::move(reply));
}

void GuardedObservabilityService::metrics(Reply<v1::MetricsText> reply) {
    if (auto may = mayKnowAll(m_guard.gate(), Operation::ReadMetrics); !may.ok())
        return m_guard.refuse(std::move(reply), std::move(may).error());
    m_observability.metrics(std::move(reply));
}

void GuardedObservabilityService::history(v1::GetHistoryRequest request, Reply<v1::HistoryReport> reply) {
    const std::string model = request.model_id();
    m_guard.check(Operation::ReadHistory, model, std::move(reply), [&](Reply<v1::HistoryReport> brought) {
        m_observability.history(std::move(request), seenBy(CallerScope::identity(), std::move(brought)));
    });
}

void GuardedObservabilityService::requests(v1::ListRequestsRequest request, Reply<v1::ListRequestsResponse> reply) {
    m_observability.requests(std::move(request), seenBy(CallerScope::identity(), std::move(reply)));
}

void GuardedObservabilityService::diagnose(v1::DiagnoseRequest request, Reply<v1::Diagnosis> reply) {
    if (auto may = mayKnowAll(m_guard.gate(), Operation::ReadDiagnosis); !may.ok())
        return m_guard.refuse(std::move(reply), std::move(may).error());
    m_observability.diagnose(std::move(request), std::move(reply));
}

} // namespace mm::service
