// AuditTrail: says of every change that somebody orders who it was, what, of which thing, and what came of it, and of
// every refusal: events of the topic "audit", and records of the journal where there is one. Calls come from any
// thread, what came of them on the engine thread, where the log is.
#pragma once

#include "engine/access/audit/audit_journal.h"
#include "engine/access/gate.h"
#include "engine/access/limits/token_bucket.h"
#include "engine/base/executor.h"
#include "engine/base/reply.h"
#include "engine/events/event_log.h"
#include "engine/service/audit/caller.h"

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace mm::service {

// What is changed; empty what it is not about.
struct AuditTarget {
    std::string modelId = {};
    std::string requestId = {};
    std::string jobId = {};
    std::string key = {};   // its name
    std::string value = {}; // of a setting, which the action names
};

class AuditTrail {
public:
    struct Parts {
        events::EventLog& log;
        access::AuditJournal* journal = nullptr; // null: events only
        const Clock& clock;
        Executor& engine;
    };
    // The parts outlive the trail.
    explicit AuditTrail(Parts parts);

    // next(noted), where noted is a reply that notes the outcome of the action (text that lives for ever) before it
    // hands it on. Where no change may be made, since it could not be written down, `reply` gets the reason instead.
    template <typename T, typename Next>
    void change(std::string_view action, AuditTarget target, Reply<T> reply, Next next) {
        if (m_parts.journal == nullptr || m_parts.journal->isWritable())
            return next(noting(action, std::move(target), std::move(reply)));
        m_parts.journal->retry(); // the next one may find it mended
        m_parts.engine.post([reply = std::move(reply)] { reply(notWritten()); });
    }

    // What the gate has refused. Any thread. Of very many in a short time the rest is only counted, and the count
    // noted.
    void refused(access::Refused refusal);

private:
    template <typename T>
    Reply<T> noting(std::string_view action, AuditTarget target, Reply<T> reply) {
        return [this, action, target = std::move(target), client = CallerScope::current(),
                identity = CallerScope::identity(), reply = std::move(reply)](Result<T> result) {
            note(action, target, client, identity, result.ok() ? nullptr : &result.error());
            reply(std::move(result));
        };
    }

    static Error notWritten();
    void note(std::string_view action, const AuditTarget& target, const std::string& client,
              const access::IdentityPtr& identity, const Error* error);
    // How many were left out before this one; nothing where this one is left out too.
    std::optional<std::int64_t> mayNoteRefusal();

    Parts m_parts;
    std::mutex m_mutex;
    access::TokenBucket m_refusals;
    std::int64_t m_leftOut = 0;
};

} // namespace mm::service
