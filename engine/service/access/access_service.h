// What the faces may ask about access: keys, who the caller is, and the audit. Any thread; the reply comes once, on the
// engine thread. Keys are named by name or id; NotFound where there is none, ValidationError for what no key can be.
#pragma once

#include "engine/base/reply.h"
#include "modelmora/v1/access.pb.h"

namespace mm::service {

namespace v1 = modelmora::v1;

class AccessService {
public:
    virtual ~AccessService() = default;

    virtual void createKey(v1::CreateKeyRequest request, Reply<v1::IssuedKey> reply) = 0;
    virtual void listKeys(v1::ListKeysRequest request, Reply<v1::ListKeysResponse> reply) = 0;
    virtual void rotateKey(v1::RotateKeyRequest request, Reply<v1::IssuedKey> reply) = 0;
    virtual void revokeKey(v1::RevokeKeyRequest request, Reply<v1::ApiKey> reply) = 0;
    // Of the calling thread's CallerScope.
    virtual void identity(Reply<v1::CallerIdentity> reply) = 0;
    virtual void listAudit(v1::ListAuditRequest request, Reply<v1::ListAuditResponse> reply) = 0;
    // Reads the whole chain anew.
    virtual void verifyAudit(Reply<v1::AuditVerification> reply) = 0;
    // What is known of it without reading: as the last check found it, and whether records are being kept.
    virtual void auditState(Reply<v1::AuditVerification> reply) = 0;
};

} // namespace mm::service
