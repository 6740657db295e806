// Tokens and their issuers' keys against any bytes: nothing is believed that was not signed, and nothing crashes.
#include "engine/access/gate.h"
#include "engine/access/jwt/jwk_set.h"
#include "engine/access/jwt/jwt.h"
#include "engine/access/jwt/token_identity.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace mm::access;

const JwkSet& someKeys() {
    static const JwkSet keys =
        readJwks(R"({"keys":[{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",)"
                 R"("y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]})",
                 "fuzzer")
            .value();
    return keys;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)readJwks(text, "fuzzer");
    (void)bearerOf(text);
    (void)credentialInQuery(text);
    (void)parseRoleNames(text);
    const auto token = readToken(text);
    if (!token.ok())
        return 0;
    if (const Jwk* key = keyFor(*token, someKeys()); key != nullptr && isSignedBy(*token, *key))
        std::abort(); // nobody has that key
    if (checkClaims(*token->claims, {"https://issuer", "modelmora"}, mm::WallTime()).ok()) {
        const auto identity = identityOf(*token->claims, "modelmora", {});
        if (identity.ok() && (*identity)->name.find('\n') != std::string::npos)
            std::abort();
    }
    return 0;
}
