// The table of keys. Blocking; on the thread that opened it. A key is named by its id or its name, of which the one
// that is not revoked is meant, else the newest. Fails with NotFound, ModelAlreadyExists-like conflicts as
// ValidationError, and as the database does.
#pragma once

#include "engine/access/keys/api_key.h"
#include "engine/access/limits/quota_use.h"
#include "engine/store/database.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace mm::access {

class KeyStore {
public:
    static Result<std::unique_ptr<KeyStore>> open(const store::DatabaseOptions& options);

    Result<std::vector<ApiKey>> all();
    Result<ApiKey> find(const std::string& nameOrId);
    // Of every change, whoever makes it.
    Result<std::int64_t> revision();

    Result<IssuedKey> create(const v1::CreateKeyRequest& request, WallTime now, const std::string& by);
    Result<IssuedKey> rotate(const v1::RotateKeyRequest& request, WallTime now);
    // One that is revoked already stays as it is.
    Result<ApiKey> revoke(const std::string& nameOrId, WallTime now);

    // What keys have used of their quotas, all of it at once: what is not named is used no longer.
    Result<std::vector<QuotaUse>> quotaUses();
    Result<void> keepQuotaUses(const std::vector<QuotaUse>& uses);

private:
    explicit KeyStore(std::unique_ptr<store::SqliteSession> session) : m_session(std::move(session)) {}
    Result<void> insert(const ApiKey& key);
    Result<void> changed();

    std::unique_ptr<store::SqliteSession> m_session;
};

} // namespace mm::access
