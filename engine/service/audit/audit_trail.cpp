#include "engine/service/audit/audit_trail.h"

namespace mm::service {
namespace {

using namespace std::chrono_literals;

constexpr double kRefusalsAMinute = 600;

access::AuditEntry entryFor(const access::IdentityPtr& identity, const std::string& client, bool isOpen) {
    access::AuditEntry entry;
    entry.client = identity ? identity->name : client;
    entry.kind = identity ? access::kindName(identity->kind) : isOpen ? "open" : access::kNoKind;
    entry.role = identity ? access::roleName(identity->role) : std::string_view();
    return entry;
}

} // namespace

AuditTrail::AuditTrail(Parts parts) : m_parts(parts), m_refusals(kRefusalsAMinute, 1min, parts.clock.now()) {}

Error AuditTrail::notWritten() {
    return {ErrorCode::StorageFull,
            "The audit cannot be written, so nothing may be changed: see the engine's log, and free some space on the "
            "disk of its data folder. What only reads or computes goes on."};
}

void AuditTrail::note(std::string_view action, const AuditTarget& target, const std::string& client,
                      const access::IdentityPtr& identity, const Error* error) {
    const std::string who = client.empty() ? "Somebody" : client;
    const std::string what = target.modelId + target.requestId + target.jobId + target.key + target.value;
    events::EventDraft draft{.modelId = target.modelId,
                             .requestId = target.requestId,
                             .jobId = target.jobId,
                             .client = client,
                             .message = who + " ordered " + std::string(action) + " of " + what + ".",
                             .details = {{"action", std::string(action)}}};
    if (!target.key.empty())
        draft.details["key"] = target.key;
    if (error != nullptr) {
        draft.message += " It was refused: " + error->message;
        draft.details["error_code"] = std::string(errorName(error->code));
    }
    m_parts.log.publish(error == nullptr ? events::type::kAuditChanged : events::type::kAuditRefused, std::move(draft));
    if (m_parts.journal == nullptr)
        return;
    access::AuditEntry entry = entryFor(identity, client, true);
    entry.at = m_parts.clock.wallNow();
    entry.action = action;
    entry.target = what;
    entry.outcome = error == nullptr ? "done" : "failed";
    if (error != nullptr) {
        entry.errorCode = errorName(error->code);
        entry.message = error->message;
    }
    m_parts.journal->note(std::move(entry));
}

std::optional<std::int64_t> AuditTrail::mayNoteRefusal() {
    const std::lock_guard lock(m_mutex);
    if (!m_refusals.take(1, m_parts.clock.now())) {
        ++m_leftOut;
        return std::nullopt;
    }
    return std::exchange(m_leftOut, 0);
}

void AuditTrail::refused(access::Refused refusal) {
    const std::optional<std::int64_t> leftOut = mayNoteRefusal();
    if (!leftOut)
        return;
    access::AuditEntry entry = entryFor(refusal.identity, refusal.peer, false);
    entry.at = m_parts.clock.wallNow();
    entry.action = access::ruleOf(refusal.operation).name;
    entry.target = refusal.target;
    entry.outcome = "refused";
    entry.errorCode = errorName(refusal.error.code);
    entry.message = refusal.error.message;
    if (*leftOut > 0)
        entry.message += " (" + std::to_string(*leftOut) + " refusals before it were counted only.)";
    events::EventDraft draft{.modelId = refusal.target,
                             .client = entry.client,
                             .message = entry.client + " was refused " + entry.action + ": " + refusal.error.message,
                             .details = {{"action", entry.action}, {"error_code", entry.errorCode}}};
    m_parts.engine.post([this, draft = std::move(draft)]() mutable {
        m_parts.log.publish(events::type::kAuditRefused, std::move(draft));
    });
    if (m_parts.journal != nullptr)
        m_parts.journal->note(std::move(entry));
}

} // namespace mm::service
