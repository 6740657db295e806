// The table of the audit. Blocking; on the thread that opened it.
#pragma once

#include "engine/access/audit/audit_record.h"
#include "engine/store/database.h"

#include <memory>
#include <span>
#include <vector>

namespace mm::access {

class AuditStore {
public:
    static Result<std::unique_ptr<AuditStore>> open(const store::DatabaseOptions& options);

    // All of them or none, behind whatever record is the last, whoever wrote it.
    Result<void> append(std::span<const AuditEntry> entries);
    // The newest first.
    Result<modelmora::v1::ListAuditResponse> list(const modelmora::v1::ListAuditRequest& request);
    // Reads every record.
    Result<modelmora::v1::AuditVerification> verify();

private:
    explicit AuditStore(std::unique_ptr<store::SqliteSession> session) : m_session(std::move(session)) {}

    std::unique_ptr<store::SqliteSession> m_session;
};

} // namespace mm::access
