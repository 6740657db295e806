#include "engine/app/adapters/observability/lifecycle_metrics.h"

namespace mm::app {
namespace {

using lifecycle::EndCause;
using observability::UnloadCause;
namespace v1 = modelmora::v1;

UnloadCause causeOf(const lifecycle::StateChange& change) {
    switch (change.cause) {
    case EndCause::Evicted:
        return UnloadCause::Evicted;
    case EndCause::Idle:
        return UnloadCause::Idle;
    case EndCause::Surplus:
        return UnloadCause::Surplus;
    case EndCause::Retired:
        return UnloadCause::Retired;
    case EndCause::Killed:
        return UnloadCause::Killed;
    case EndCause::Ordered:
        return UnloadCause::Ordered;
    case EndCause::None:
        break;
    }
    return UnloadCause::Failed;
}

} // namespace

void LifecycleMetrics::onStateChanged(const lifecycle::StateChange& change) {
    const std::pair instance(change.key, change.instance);
    if (change.to == v1::MODEL_STATE_LOADING) {
        m_loading[instance] = m_clock.now();
        return;
    }
    const auto began = m_loading.extract(instance);
    if (change.to == v1::MODEL_STATE_LOADED && !began.empty())
        m_book.loaded(change.key, toMilliseconds(m_clock.now() - began.mapped()) / 1000);
    if (change.to == v1::MODEL_STATE_UNHEALTHY && change.error) {
        if (change.from == v1::MODEL_STATE_LOADING)
            m_book.loadFailed(change.key);
        else
            m_book.crashed(change.key);
    }
    if (change.to == v1::MODEL_STATE_UNLOADED)
        m_book.unloaded(change.key, causeOf(change));
}

void JobMetrics::onJobAccepted(const inference::Job&) {
    ++m_book.jobs().accepted;
}

void JobMetrics::onWebhook(const inference::Job& job) {
    ++(job.webhook.delivered ? m_book.jobs().webhooksDelivered : m_book.jobs().webhooksFailed);
}

void JobMetrics::onJobEnded(const inference::Job& job) {
    observability::JobCounters& jobs = m_book.jobs();
    ++(job.status == v1::JOB_STATUS_COMPLETED   ? jobs.completed
       : job.status == v1::JOB_STATUS_CANCELLED ? jobs.cancelled
                                                : jobs.failed);
}

} // namespace mm::app
