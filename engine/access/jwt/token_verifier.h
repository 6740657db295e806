// TokenVerifier: whom a token stands for. What has been verified is remembered until it ends, or the keys change, so
// that a signature costs only its first request. Any thread.
#pragma once

#include "engine/access/identity.h"
#include "engine/access/jwt/jwt.h"
#include "engine/access/jwt/token_identity.h"
#include "engine/access/jwt/token_keys.h"

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace mm::access {

class TokenVerifier {
public:
    // The keys and the clock outlive it.
    TokenVerifier(TokenKeys& keys, TokenRules rules, RoleNames roles, const Clock& clock)
        : m_keys(keys), m_rules(std::move(rules)), m_roles(std::move(roles)), m_clock(clock) {}

    // Fails with Unauthenticated, PermissionDenied (no role of ours), or ServiceUnavailable while the key that it is
    // signed with is being fetched.
    Result<IdentityPtr> identify(std::string_view token);

private:
    struct Known {
        IdentityPtr identity;
        WallTime until;
        std::uint64_t keys = 0; // version of the keys it was verified with
    };
    [[nodiscard]] IdentityPtr remembered(const std::string& hash, std::uint64_t keys);
    Error keyMissing(const TokenKeySnapshot& keys);

    static constexpr std::size_t kMostRemembered = 4096;

    TokenKeys& m_keys;
    const TokenRules m_rules;
    const RoleNames m_roles;
    const Clock& m_clock;
    std::mutex m_mutex;
    std::unordered_map<std::string, Known> m_known; // by the token's SHA-256
};

} // namespace mm::access
