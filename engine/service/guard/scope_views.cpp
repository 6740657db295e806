#include "engine/service/guard/scope_views.h"

#include "engine/access/decide.h"

#include <algorithm>
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

void leaveOut(const access::Identity& identity, v1::SystemStatus& status) {
    keepKnown(identity, *status.mutable_loaded_models());
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
}

void leaveOut(const access::Identity& identity, v1::ListJobsResponse& jobs) {
    keepKnown(identity, *jobs.mutable_jobs());
}

void leaveOut(const access::Identity& identity, v1::HistoryReport& history) {
    auto& models = *history.mutable_models();
    const auto unknown = [&](const std::string& model) { return !access::coversModel(identity, model); };
    models.erase(std::remove_if(models.begin(), models.end(), unknown), models.end());
}

void leaveOut(const access::Identity& identity, v1::ListRequestsResponse& requests) {
    keepKnown(identity, *requests.mutable_requests());
}

} // namespace mm::service
