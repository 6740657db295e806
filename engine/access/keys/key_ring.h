// KeyRing: every key that holds, in memory, by the hash of its secret. One thread replaces it, any thread asks.
#pragma once

#include "engine/access/identity.h"
#include "engine/access/keys/api_key.h"
#include "engine/access/limits/quota_use.h"
#include "engine/base/result.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mm::access {

class KeyRing {
public:
    // What has been used of a key's limits stays used.
    void replace(const std::vector<ApiKey>& keys, Instant now);

    // Fails with Unauthenticated: not known, revoked or expired.
    [[nodiscard]] Result<IdentityPtr> find(std::string_view secret, WallTime now) const;
    // Compute that requests of this name have used; nothing where no key of it has limits.
    void charge(const std::string& name, double seconds, Instant now) const;

    // Of every key that has used some of its quota of a day, by name.
    [[nodiscard]] std::vector<QuotaUse> quotaUses(Instant now, WallTime at) const;
    // What an earlier engine has told of them; before anything is charged.
    void takeBack(const std::vector<QuotaUse>& uses, Instant now, WallTime at) const;

private:
    struct Entry {
        IdentityPtr identity;
        std::optional<WallTime> until = {};
        bool isRevoked = false;
    };
    struct Snapshot {
        std::unordered_map<std::string, Entry> byHash;
        std::map<std::string, std::shared_ptr<Meter>, std::less<>> meters; // by name
    };
    [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const;

    mutable std::mutex m_mutex; // held for a copy of the pointer only
    std::shared_ptr<const Snapshot> m_snapshot = std::make_shared<const Snapshot>();
};

} // namespace mm::access
