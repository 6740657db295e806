#include "engine/service/audit/audit_trail.h"

namespace mm::service {

void AuditTrail::note(std::string_view action, const AuditTarget& target, const std::string& client,
                      const Error* error) {
    const std::string who = client.empty() ? "Somebody" : client;
    events::EventDraft draft{.modelId = target.modelId,
                             .requestId = target.requestId,
                             .jobId = target.jobId,
                             .client = client,
                             .message = who + " ordered " + std::string(action) + " of " + target.modelId +
                                        target.requestId + target.jobId + ".",
                             .details = {{"action", std::string(action)}}};
    if (error != nullptr) {
        draft.message += " It was refused: " + error->message;
        draft.details["error_code"] = std::string(errorName(error->code));
    }
    m_log.publish(error == nullptr ? events::type::kAuditChanged : events::type::kAuditRefused, std::move(draft));
}

} // namespace mm::service
