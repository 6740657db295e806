// AccessService over this process's own keys and audit. Made on the engine thread, callable from any.
#pragma once

#include "engine/access/audit/audit_journal.h"
#include "engine/access/keys/key_keeper.h"
#include "engine/service/access/access_service.h"
#include "engine/service/audit/audit_trail.h"

namespace mm::service {

class LocalAccessService final : public AccessService {
public:
    struct Parts {
        Executor& engine;
        access::KeyKeeper& keys;
        access::AuditJournal& journal;
        AuditTrail& trail;
        access::Gate* gate = nullptr; // null: access control is off
    };
    explicit LocalAccessService(Parts parts) : m_parts(parts) {}

    void createKey(v1::CreateKeyRequest request, Reply<v1::IssuedKey> reply) override;
    void listKeys(v1::ListKeysRequest request, Reply<v1::ListKeysResponse> reply) override;
    void rotateKey(v1::RotateKeyRequest request, Reply<v1::IssuedKey> reply) override;
    void revokeKey(v1::RevokeKeyRequest request, Reply<v1::ApiKey> reply) override;
    void identity(Reply<v1::CallerIdentity> reply) override;
    void listAudit(v1::ListAuditRequest request, Reply<v1::ListAuditResponse> reply) override;
    void verifyAudit(Reply<v1::AuditVerification> reply) override;
    void auditState(Reply<v1::AuditVerification> reply) override;

private:
    // False, and the reason to `reply`, where the caller may not; the gate has asked the same before.
    template <typename T>
    bool allows(access::Operation operation, const Reply<T>& reply);

    Parts m_parts;
};

} // namespace mm::service
