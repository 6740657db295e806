#include "engine/app/access/local_access.h"

#include "engine/access/audit/audit_store.h"
#include "engine/access/keys/key_store.h"
#include "engine/ipc/facts.h"
#include "engine/registry/catalogue.h"

#include <pwd.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>
#include <utility>

namespace mm::app {
namespace {

namespace v1 = modelmora::v1;

std::string localUser() {
    const passwd* user = ::getpwuid(::getuid());
    return "local:" + (user != nullptr ? std::string(user->pw_name) : std::to_string(::getuid()));
}

class LocalAccess {
public:
    static Result<LocalAccess> open(const Settings& settings) {
        std::error_code fault;
        std::filesystem::create_directories(settings.dataDir, fault);
        if (fault)
            return Error{ErrorCode::StorageFailed,
                         "The data folder " + settings.dataDir.string() + " cannot be made: " + fault.message() + "."};
        store::DatabaseOptions options{settings.dataDir / registry::kDatabaseName, SystemClock().wallNow()};
        options.durability = store::Durability::Machine;
        MM_TRY(auto keys, access::KeyStore::open(options));
        options.prepared = true;
        MM_TRY(auto audit, access::AuditStore::open(options));
        return LocalAccess(std::move(keys), std::move(audit));
    }

    Result<std::string> answer(const std::string& method, const std::string& request) {
        if (method == "CreateKey")
            return changing<v1::CreateKeyRequest>(request, "key.create", [this](const auto& order, WallTime now) {
                return withProto(m_keys->create(order, now, localUser()), now);
            });
        if (method == "RotateKey")
            return changing<v1::RotateKeyRequest>(request, "key.rotate", [this](const auto& order, WallTime now) {
                return withProto(m_keys->rotate(order, now), now);
            });
        if (method == "RevokeKey")
            return changing<v1::RevokeKeyRequest>(request, "key.revoke", [this](const auto& order, WallTime now) {
                return withProto(m_keys->revoke(order.key(), now), now);
            });
        if (method == "ListKeys")
            return listKeys(request);
        if (method == "ListAudit") {
            MM_TRY(const auto order, read<v1::ListAuditRequest>(request));
            MM_TRY(const auto listed, m_audit->list(order));
            return listed.SerializeAsString();
        }
        if (method == "VerifyAudit") {
            MM_TRY(const auto found, m_audit->verify());
            return found.SerializeAsString();
        }
        return Error{ErrorCode::NotImplemented, "There is no '" + method + "' without an engine."};
    }

private:
    LocalAccess(std::unique_ptr<access::KeyStore> keys, std::unique_ptr<access::AuditStore> audit)
        : m_keys(std::move(keys)), m_audit(std::move(audit)) {}

    template <typename Request>
    static Result<Request> read(const std::string& bytes) {
        Request request;
        if (request.ParseFromString(bytes))
            return request;
        return Error{ErrorCode::MalformedRequest, "The request cannot be read."};
    }

    template <typename Value>
    static Result<std::string> withProto(const Result<Value>& value, WallTime now) {
        if (!value.ok())
            return value.error();
        return access::toProto(*value, now).SerializeAsString();
    }

    // The audit is written first: what cannot be noted is not done.
    template <typename Request, typename Change>
    Result<std::string> changing(const std::string& bytes, std::string_view action, Change change) {
        MM_TRY(const Request request, read<Request>(bytes));
        const WallTime now = SystemClock().wallNow();
        access::AuditEntry entry{.at = now,
                                 .client = localUser(),
                                 .kind = "local",
                                 .role = "admin",
                                 .action = std::string(action),
                                 .target = targetOf(request),
                                 .outcome = "ordered"};
        MM_CHECK(note(entry));
        Result<std::string> changed = change(request, now);
        entry.outcome = changed.ok() ? "done" : "failed";
        if (!changed.ok()) {
            entry.errorCode = errorName(changed.error().code);
            entry.message = changed.error().message;
        }
        MM_CHECK(note(entry));
        return changed;
    }
    static std::string targetOf(const v1::CreateKeyRequest& request) { return request.name(); }
    template <typename Request>
    static std::string targetOf(const Request& request) {
        return request.key();
    }
    Result<void> note(const access::AuditEntry& entry) {
        const access::AuditEntry plain = access::harmless(entry);
        return m_audit->append({&plain, 1});
    }

    Result<std::string> listKeys(const std::string& bytes) {
        MM_TRY(const auto order, read<v1::ListKeysRequest>(bytes));
        MM_TRY(const auto keys, m_keys->all());
        const WallTime now = SystemClock().wallNow();
        v1::ListKeysResponse listed;
        for (const access::ApiKey& key : keys)
            if (order.all() || (!key.isRevoked() && !key.isExpired(now)))
                *listed.add_keys() = access::toProto(key, now);
        return listed.SerializeAsString();
    }

    std::unique_ptr<access::KeyStore> m_keys;
    std::unique_ptr<access::AuditStore> m_audit;
};

std::string readAll(std::FILE* in) {
    constexpr std::size_t kMost = 1U << 20;
    std::string text;
    char buffer[4096];
    for (std::size_t got = 0; text.size() < kMost && (got = std::fread(buffer, 1, sizeof buffer, in)) > 0;)
        text.append(buffer, got);
    return text;
}

} // namespace

int answerLocally(const std::string& method, const Settings& settings, std::FILE* in, std::FILE* out) {
    const std::string request = readAll(in);
    Result<std::string> answer = Error{};
    if (Result<LocalAccess> access = LocalAccess::open(settings); access.ok())
        answer = access->answer(method, request);
    else
        answer = access.error();
    const std::string text = answer.ok() ? "V" + *answer : "E" + ipc::toProto(answer.error()).SerializeAsString();
    const bool isWritten = std::fwrite(text.data(), 1, text.size(), out) == text.size() && std::fflush(out) == 0;
    return isWritten ? 0 : 1;
}

} // namespace mm::app
