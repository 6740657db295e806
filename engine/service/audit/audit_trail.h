// AuditTrail: says of every change that somebody orders who it was, what, of which thing, and what came of it: events
// of the topic "audit". Calls come from any thread, what came of them on the engine thread, where the log is.
#pragma once

#include "engine/base/reply.h"
#include "engine/events/event_log.h"
#include "engine/service/audit/caller.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace mm::service {

// What is changed; empty what it is not about.
struct AuditTarget {
    std::string modelId = {};
    std::string requestId = {};
    std::string jobId = {};
};

class AuditTrail {
public:
    // The log outlives the trail.
    explicit AuditTrail(events::EventLog& log) : m_log(log) {}

    // A reply that notes the outcome of the action (text that lives for ever) before it hands it on.
    template <typename T>
    Reply<T> noting(std::string_view action, AuditTarget target, Reply<T> reply) {
        return [this, action, target = std::move(target), client = CallerScope::current(),
                reply = std::move(reply)](Result<T> result) {
            note(action, target, client, result.ok() ? nullptr : &result.error());
            reply(std::move(result));
        };
    }

private:
    void note(std::string_view action, const AuditTarget& target, const std::string& client, const Error* error);

    events::EventLog& m_log;
};

} // namespace mm::service
