// JSON Web Tokens, strictly: RS256, ES256 and EdDSA, signed by a key of the issuer, within their time and meant for us.
// Pure, any thread. No error tells anything of a token but what was expected of it.
#pragma once

#include "engine/access/jwt/jwk_set.h"
#include "engine/base/clock.h"
#include "engine/base/result.h"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace mm::access {

inline constexpr std::size_t kLongestToken = 16UL * 1024;
inline constexpr std::chrono::seconds kLeeway{60}; // for clocks that differ

// As it was read; nothing of it is proven.
struct UnverifiedToken {
    std::string keyId; // empty: it names none
    KeyAlgorithm algorithm = KeyAlgorithm::Rs256;
    std::string_view signedPart; // of the token's own text
    std::string signature;
    std::shared_ptr<const nlohmann::json> claims; // an object
};
// Fails with Unauthenticated.
Result<UnverifiedToken> readToken(std::string_view token);

// The key that it names and that is of its algorithm; null where there is none.
[[nodiscard]] const Jwk* keyFor(const UnverifiedToken& token, const JwkSet& keys);
[[nodiscard]] bool isSignedBy(const UnverifiedToken& token, const Jwk& key);

struct TokenRules {
    std::string issuer;
    std::string audience;
};
// Who made it, for whom, and when it holds. Fails with Unauthenticated. Gives the time at which it ends.
Result<WallTime> checkClaims(const nlohmann::json& claims, const TokenRules& rules, WallTime now);

} // namespace mm::access
