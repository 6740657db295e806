// What a caller whose key names models is shown of answers about the whole engine: nothing by the name of a model that
// it may not use. Numbers of the engine as a whole (depth of the queue, memory of a device) stay as they are. Pure.
#pragma once

#include "engine/access/identity.h"
#include "engine/base/reply.h"
#include "engine/service/guard/known_words.h"
#include "modelmora/v1/management.pb.h"
#include "modelmora/v1/memory.pb.h"
#include "modelmora/v1/observability.pb.h"
#include "modelmora/v1/registry.pb.h"

#include <functional>
#include <string_view>
#include <utility>

namespace mm::service {

namespace v1 = modelmora::v1;

// "org/repo@version" or "org/repo"; null where the caller may know of every model.
[[nodiscard]] std::function<bool(std::string_view model)> knownTo(const access::IdentityPtr& identity);

// The reply that is given what is left.
template <typename View>
Reply<View> seenBy(const access::IdentityPtr& identity, Reply<View> reply);

void leaveOut(const access::Identity& identity, v1::ListModelsResponse& models);
// The models that it names are counted instead, in the sentences they are "another model".
void leaveOut(const access::Identity& identity, v1::LoadPlan& plan);
void leaveOut(const access::Identity& identity, v1::ModelStatus& status);
void leaveOut(const access::Identity& identity, v1::QueueEntry& entry);
void leaveOut(const access::Identity& identity, v1::JobStatusResponse& job);
void leaveOut(const access::Identity& identity, v1::SystemStatus& status);
void leaveOut(const access::Identity& identity, v1::MemoryLedger& ledger);
void leaveOut(const access::Identity& identity, v1::EvictionOrder& order);
void leaveOut(const access::Identity& identity, v1::ModelHealthResponse& health);
void leaveOut(const access::Identity& identity, v1::QueueReport& queue);
void leaveOut(const access::Identity& identity, v1::ListJobsResponse& jobs);
void leaveOut(const access::Identity& identity, v1::HistoryReport& history);
void leaveOut(const access::Identity& identity, v1::ListRequestsResponse& requests);

template <typename View>
Reply<View> seenBy(const access::IdentityPtr& identity, Reply<View> reply) {
    if (!identity || identity->models.empty())
        return reply;
    return errorsSeenBy<View>(identity, [identity, reply = std::move(reply)](Result<View> view) {
        if (view.ok())
            leaveOut(*identity, *view);
        reply(std::move(view));
    });
}

} // namespace mm::service
