#include "engine/access/jwt/token_verifier.h"

#include "engine/access/sha256.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace mm::access {

IdentityPtr TokenVerifier::remembered(const std::string& hash, std::uint64_t keys) {
    const std::lock_guard lock(m_mutex);
    const auto found = m_known.find(hash);
    if (found == m_known.end() || found->second.keys != keys || found->second.until <= m_clock.wallNow())
        return nullptr;
    return found->second.identity;
}

Error TokenVerifier::keyMissing(const TokenKeySnapshot& keys) {
    if (m_keys.refresh())
        return {ErrorCode::ServiceUnavailable,
                "The key that this token is signed with is being fetched. Send the request again in a second.",
                {{"retry_after_seconds", std::int64_t{1}}}};
    if (keys.keys.empty())
        return {ErrorCode::ServiceUnavailable,
                "No token can be verified at the moment: the keys of their issuer could not be fetched. Try again "
                "later, or use an API key.",
                {{"retry_after_seconds", std::int64_t{10}}}};
    return {ErrorCode::Unauthenticated,
            "The token is refused: its issuer has no key like the one that it names (kid)."};
}

Result<IdentityPtr> TokenVerifier::identify(std::string_view token) {
    const std::string hash = sha256(token);
    const auto keys = m_keys.current();
    if (IdentityPtr known = remembered(hash, keys->version))
        return known;
    MM_TRY(const UnverifiedToken read, readToken(token));
    const Jwk* key = keyFor(read, keys->keys);
    if (key == nullptr)
        return keyMissing(*keys);
    if (!isSignedBy(read, *key))
        return Error{ErrorCode::Unauthenticated, "The token is refused: its signature does not fit."};
    const WallTime now = m_clock.wallNow();
    MM_TRY(const WallTime until, checkClaims(*read.claims, m_rules, now));
    MM_TRY(IdentityPtr identity, identityOf(*read.claims, m_rules.audience, m_roles));
    const std::lock_guard lock(m_mutex);
    if (m_known.size() >= kMostRemembered)
        std::erase_if(m_known, [&](const auto& one) { return one.second.until <= now; });
    if (m_known.size() >= kMostRemembered)
        m_known.clear();
    m_known[hash] = {identity, until, keys->version};
    return identity;
}

} // namespace mm::access
