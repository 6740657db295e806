// Keys, who the caller is, and the audit.
#include "engine/rest/json/proto_writer.h"
#include "engine/rest/query.h"
#include "engine/rest/request_body.h"
#include "engine/rest/routes/native/native_routes.h"

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;
using access::Operation;
using service::AccessService;

constexpr std::int64_t kMostRecords = 1000;
constexpr std::int64_t kLargestNumber = 1LL << 53;

// A secret must not stay in anybody's cache.
Answer issuedAnswer(int status, const v1::IssuedKey& issued) {
    return {.status = status, .body = toJson(issued), .headers = {{"Cache-Control", "no-store"}}};
}

void createKey(AccessService& access, const ExchangePtr& exchange) {
    const BodyShape shape{{"name", "role", "models", "max_priority", "limits", "expires_in_seconds"}, {"name", "role"}};
    withBody<v1::CreateKeyRequest>(exchange, shape, [&access, exchange](v1::CreateKeyRequest request) {
        access.createKey(std::move(request), exchange->replyWith<v1::IssuedKey>([](const v1::IssuedKey& issued) {
            return issuedAnswer(201, issued);
        }));
    });
}

void listKeys(AccessService& access, const ExchangePtr& exchange) {
    Query query(exchange->request().query, {"all"});
    v1::ListKeysRequest request;
    request.set_all(query.flag("all"));
    if (const Result<void> checked = query.check(); !checked)
        return exchange->fail(checked.error());
    access.listKeys(request, exchange->replyWith<v1::ListKeysResponse>([](const v1::ListKeysResponse& listed) {
        Answer answer;
        JsonWriter writer(answer.body);
        writer.beginObject().key("keys").beginArray();
        for (const v1::ApiKey& key : listed.keys())
            writeMessage(writer, key);
        writer.endArray().endObject();
        return answer;
    }));
}

void rotateKey(AccessService& access, const ExchangePtr& exchange) {
    const BodyShape shape{{"keep_old_seconds"}, {}};
    withBody<v1::RotateKeyRequest>(exchange, shape, [&access, exchange](v1::RotateKeyRequest request) {
        request.set_key(exchange->argument("key"));
        access.rotateKey(std::move(request), exchange->replyWith<v1::IssuedKey>([](const v1::IssuedKey& issued) {
            return issuedAnswer(200, issued);
        }));
    });
}

void revokeKey(AccessService& access, const ExchangePtr& exchange) {
    v1::RevokeKeyRequest request;
    request.set_key(exchange->argument("key"));
    access.revokeKey(std::move(request), exchange->replyWith<v1::ApiKey>([](const v1::ApiKey& key) {
        return Answer{200, toJson(key)};
    }));
}

void listAudit(AccessService& access, const ExchangePtr& exchange) {
    Query query(exchange->request().query, {"limit", "before", "client", "action", "outcome"});
    v1::ListAuditRequest request;
    request.set_limit(static_cast<std::int32_t>(query.integer({"limit"}, 100, 1, kMostRecords)));
    request.set_before(query.integer({"before"}, 0, 1, kLargestNumber));
    request.set_client(query.text({"client"}).value_or(""));
    request.set_action(query.text({"action"}).value_or(""));
    request.set_outcome(query.text({"outcome"}).value_or(""));
    if (const Result<void> checked = query.check(); !checked)
        return exchange->fail(checked.error());
    access.listAudit(std::move(request),
                     exchange->replyWith<v1::ListAuditResponse>([](const v1::ListAuditResponse& listed) {
                         Answer answer;
                         JsonWriter writer(answer.body);
                         writer.beginObject().key("records").beginArray();
                         for (const v1::AuditRecord& record : listed.records())
                             writeMessage(writer, record);
                         writer.endArray().endObject();
                         return answer;
                     }));
}

void verifyAudit(AccessService& access, const ExchangePtr& exchange) {
    access.verifyAudit(exchange->replyWith<v1::AuditVerification>([](const v1::AuditVerification& found) {
        return Answer{200, toJson(found)};
    }));
}

void whoAmI(AccessService& access, const ExchangePtr& exchange) {
    access.identity(exchange->replyWith<v1::CallerIdentity>([](const v1::CallerIdentity& who) {
        return Answer{200, toJson(who)};
    }));
}

} // namespace

void mountAccess(Router& router, const service::Services& services) {
    AccessService& access = services.access;
    const auto with = [&access](auto handler) {
        return [&access, handler](const ExchangePtr& exchange) { handler(access, exchange); };
    };
    router.add("POST", api("/keys"), Operation::ChangeKeys, with(createKey));
    router.add("GET", api("/keys"), Operation::ReadKeys, with(listKeys));
    router.add("POST", api("/keys/{key}/rotate"), Operation::ChangeKeys, with(rotateKey));
    router.add("DELETE", api("/keys/{key}"), Operation::ChangeKeys, with(revokeKey));
    router.add("GET", api("/identity"), Operation::ReadIdentity, with(whoAmI));
    router.add("GET", api("/audit"), Operation::ReadAudit, with(listAudit));
    router.add("GET", api("/audit/verification"), Operation::ReadAudit, with(verifyAudit));
}

} // namespace mm::rest::native
