#include "engine/service/access/local_access_service.h"

#include <utility>

namespace mm::service {

using access::Operation;

template <typename T>
bool LocalAccessService::allows(Operation operation, const Reply<T>& reply) {
    if (m_parts.gate == nullptr)
        return true;
    Result<void> allowed = m_parts.gate->decide(CallerScope::identity(), operation, {});
    if (!allowed.ok())
        m_parts.engine.post([reply, error = std::move(allowed).error()] { reply(error); });
    return allowed.ok();
}

void LocalAccessService::createKey(v1::CreateKeyRequest request, Reply<v1::IssuedKey> reply) {
    if (allows(Operation::ChangeKeys, reply))
        m_parts.trail.change("key.create", {.key = request.name()}, std::move(reply), [&](auto noted) {
            m_parts.keys.create(std::move(request), CallerScope::current(), std::move(noted));
        });
}

void LocalAccessService::listKeys(v1::ListKeysRequest request, Reply<v1::ListKeysResponse> reply) {
    if (allows(Operation::ReadKeys, reply))
        m_parts.keys.list(request, std::move(reply));
}

void LocalAccessService::rotateKey(v1::RotateKeyRequest request, Reply<v1::IssuedKey> reply) {
    if (allows(Operation::ChangeKeys, reply))
        m_parts.trail.change("key.rotate", {.key = request.key()}, std::move(reply),
                             [&](auto noted) { m_parts.keys.rotate(std::move(request), std::move(noted)); });
}

void LocalAccessService::revokeKey(v1::RevokeKeyRequest request, Reply<v1::ApiKey> reply) {
    if (allows(Operation::ChangeKeys, reply))
        m_parts.trail.change("key.revoke", {.key = request.key()}, std::move(reply),
                             [&](auto noted) { m_parts.keys.revoke(std::move(request), std::move(noted)); });
}

void LocalAccessService::identity(Reply<v1::CallerIdentity> reply) {
    v1::CallerIdentity who;
    if (const access::IdentityPtr& identity = CallerScope::identity()) {
        who.set_name(identity->name);
        who.set_kind(std::string(access::kindName(identity->kind)));
        who.set_role(std::string(access::roleName(identity->role)));
        for (const std::string& pattern : identity->models)
            who.add_models(pattern);
        who.set_max_priority(static_cast<v1::Priority>(identity->maxPriority));
        if (identity->limits.any())
            *who.mutable_limits() = access::toProto(identity->limits);
    } else {
        who.set_name(CallerScope::current());
        who.set_kind("open");
        who.set_role("admin"); // nothing is kept from anybody
    }
    m_parts.engine.post([reply = std::move(reply), who = std::move(who)] { reply(who); });
}

void LocalAccessService::listAudit(v1::ListAuditRequest request, Reply<v1::ListAuditResponse> reply) {
    if (allows(Operation::ReadAudit, reply))
        m_parts.journal.list(std::move(request), std::move(reply));
}

void LocalAccessService::verifyAudit(Reply<v1::AuditVerification> reply) {
    if (allows(Operation::ReadAudit, reply))
        m_parts.journal.verify(std::move(reply));
}

void LocalAccessService::auditState(Reply<v1::AuditVerification> reply) {
    m_parts.engine.post([this, reply = std::move(reply)] {
        v1::AuditVerification state = m_parts.journal.state();
        if (!m_parts.journal.isWritable())
            state.set_reason("The audit cannot be written; changes are refused until it can.");
        reply(std::move(state));
    });
}

} // namespace mm::service
