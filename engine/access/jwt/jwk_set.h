// The public keys of an issuer (a JWKS, RFC 7517): RSA from 2048 bits, EC on P-256, Ed25519. Whatever else is in a set
// is left out, symmetric keys above all. Immutable and shared; reading is pure.
#pragma once

#include "engine/base/result.h"

#include <openssl/evp.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mm::access {

enum class KeyAlgorithm : std::uint8_t { Rs256, Es256, EdDsa };

struct Jwk {
    std::string id; // kid; may be empty
    KeyAlgorithm algorithm = KeyAlgorithm::Rs256;
    std::shared_ptr<EVP_PKEY> key;
};
using JwkSet = std::vector<Jwk>;

inline constexpr std::size_t kLargestJwks = 256UL * 1024;

// `source` is named in errors. Fails with InvalidConfiguration: too large, no JSON, or without one usable key.
Result<JwkSet> readJwks(std::string_view text, const std::string& source);

} // namespace mm::access
