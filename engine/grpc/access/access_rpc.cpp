#include "engine/grpc/access/access_rpc.h"

#include <utility>

namespace mm::grpc_face {

namespace v1 = modelmora::v1;
using access::Operation;

AccessRpc::AccessRpc(Face face) : Rpc(std::move(face)) {
    service::AccessService& access = services().access;
    unary<v1::CreateKeyRequest, v1::IssuedKey>("CreateKey", Operation::ChangeKeys, [&access](auto request, auto reply) {
        access.createKey(std::move(request), std::move(reply));
    });
    unary<v1::ListKeysRequest, v1::ListKeysResponse>(
        "ListKeys", Operation::ReadKeys,
        [&access](auto request, auto reply) { access.listKeys(std::move(request), std::move(reply)); });
    unary<v1::RotateKeyRequest, v1::IssuedKey>("RotateKey", Operation::ChangeKeys, [&access](auto request, auto reply) {
        access.rotateKey(std::move(request), std::move(reply));
    });
    unary<v1::RevokeKeyRequest, v1::ApiKey>("RevokeKey", Operation::ChangeKeys, [&access](auto request, auto reply) {
        access.revokeKey(std::move(request), std::move(reply));
    });
    unary<v1::GetIdentityRequest, v1::CallerIdentity>(
        "GetIdentity", Operation::ReadIdentity, [&access](auto&&, auto reply) { access.identity(std::move(reply)); });
    unary<v1::ListAuditRequest, v1::ListAuditResponse>(
        "ListAudit", Operation::ReadAudit,
        [&access](auto request, auto reply) { access.listAudit(std::move(request), std::move(reply)); });
    unary<v1::VerifyAuditRequest, v1::AuditVerification>(
        "VerifyAudit", Operation::ReadAudit, [&access](auto&&, auto reply) { access.verifyAudit(std::move(reply)); });
}

} // namespace mm::grpc_face
