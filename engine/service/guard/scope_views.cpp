#include "engine/service/guard/scope_views.h"

#include "engine/access/decide.h"

#include <algorithm>
#include <functional>
#include <string>

namespace mm::service {
namespace {

// Of anything that has a model_id(), and a version() where the id does not say it.
template <typename Item>
std::string nameOf(const Item& item) {
    if constexpr (requires { item.version(); })
        if (!item.version().empty() && item.model_id().find('@') == std::string::npos)
            return item.model_id() + '@' + item.version();
    return item.model_id();
}

template <typename Items>
void keepKnown(const access::Identity& identity, Items& items) {
    const auto unknown = [&](const auto& item) { return !access::coversModel(identity, nameOf(item)); };
    items.erase(std::remove_if(items.begin(), items.end(), unknown), items.end());
}

} // namespace

std::function<bool(std::string_view)> knownTo(const access::IdentityPtr& identity) {
    if (!identity || identity->models.empty())
        return nullptr;
    return [identity](std::string_view model) { return access::coversModel(*identity, model); };
}

void leaveOut(const access::Identity& identity, v1::ListModelsResponse& models) {
    keepKnown(identity, *models.mutable_models());
}

void leaveOut(const access::Identity& identity, v1::LoadPlan& plan) {
    const auto isKnown = [&](const auto& item) { return access::coversModel(identity, nameOf(item)); };
    for (const v1::PlannedEviction& eviction : plan.evictions())
        if (!isKnown(eviction)) {
            plan.set_other_evictions(plan.other_evictions() + 1);
            plan.set_other_evictions_bytes(plan.other_evictions_bytes() + eviction.freed_bytes());
        }
    plan.set_other_stays(
        static_cast<int>(std::count_if(plan.stays().begin(), plan.stays().end(), std::not_fn(isKnown))));
    keepKnown(identity, *plan.mutable_evictions());
    keepKnown(identity, *plan.mutable_stays());
    plan.set_explanation(withoutUnknown(identity, plan.explanation()));
    for (v1::PlannedEviction& eviction : *plan.mutable_evictions())
        eviction.set_reason(withoutUnknown(identity, eviction.reason()));
    for (v1::PlannedStay& stay : *plan.mutable_stays())
        stay.set_reason(withoutUnknown(identity, stay.reason()));
}

void leaveOut(const access::Identity& identity, v1::ModelStatus& status) {
    status.set_reason(withoutUnknown(identity, status.reason()));
    if (status.has_last_failure())
        leaveOut(identity, *status.mutable_last_failure());
    auto& health = *status.mutable_health_status();
    health.set_error_message(withoutUnknown(identity, health.error_message()));
}

void leaveOut(const access::Identity& identity, v1::QueueEntry& entry) {
    entry.set_reason(withoutUnknown(identity, entry.reason()));
    if (entry.has_error())
        leaveOut(identity, *entry.mutable_error());
}

void leaveOut(const access::Identity& identity, v1::JobStatusResponse& job) {
    if (job.has_error())
        leaveOut(identity, *job.mutable_error());
}

void leaveOut(const access::Identity& identity, v1::SystemStatus& status) {
    keepKnown(identity, *status.mutable_loaded_models());
    for (v1::ModelStatus& model : *status.mutable_loaded_models())
        leaveOut(identity, model);
}

void leaveOut(const access::Identity& identity, v1::MemoryLedger& ledger) {
    for (v1::DeviceLedger& device : *ledger.mutable_devices())
        keepKnown(identity, *device.mutable_entries());
}

void leaveOut(const access::Identity& identity, v1::EvictionOrder& order) {
    keepKnown(identity, *order.mutable_evictions());
    keepKnown(identity, *order.mutable_stays());
}

void leaveOut(const access::Identity& identity, v1::ModelHealthResponse& health) {
    keepKnown(identity, *health.mutable_models());
}

void leaveOut(const access::Identity& identity, v1::QueueReport& queue) {
    keepKnown(identity, *queue.mutable_entries());
    keepKnown(identity, *queue.mutable_models());
    for (v1::QueueEntry& entry : *queue.mutable_entries())
        leaveOut(identity, entry);
}

void leaveOut(const access::Identity& identity, v1::ListJobsResponse& jobs) {
    keepKnown(identity, *jobs.mutable_jobs());
    for (v1::JobStatusResponse& job : *jobs.mutable_jobs())
        leaveOut(identity, job);
}

void leaveOut(const access::Identity& identity, v1::HistoryReport& history) {
    auto& models = *history.mutable_models();
    const auto unknown = [&](const std::string& model) { return !access::coversModel(identity, model); };
    models.erase(std::remove_if(models.begin(), models.end(), unknown), models.end());
}

void leaveOut(const access::Identity& identity, v1::ListRequestsResponse& requests) {
    keepKnown(identity, *requests.mutable_requests());
    for (v1::QueueEntry& entry : *requests.mutable_requests())
        leaveOut(identity, entry);
}

} // namespace mm::service
