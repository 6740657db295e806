#include "engine/access/jwt/jwt.h"

#include "engine/access/jwt/base64url.h"
#include "engine/files/strict_json.h"

#include <nlohmann/json.hpp>
#include <openssl/ecdsa.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <optional>
#include <utility>

namespace mm::access {
namespace {

using nlohmann::json;

constexpr int kDepth = 16;

Error refused(const std::string& why) {
    return {ErrorCode::Unauthenticated, "The token is refused: " + why};
}

Result<json> objectOf(std::string_view part, const char* what) {
    const auto text = fromBase64Url(part);
    if (!text)
        return refused(std::string("its ") + what + " is no base64url.");
    Result<json> read = parseStrictJson(*text, "token", kDepth);
    if (!read.ok() || !read->is_object())
        return refused(std::string("its ") + what + " is no JSON object.");
    return read;
}

std::string textOf(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

Result<KeyAlgorithm> algorithmOf(const json& header) {
    const std::string name = textOf(header, "alg");
    if (name == "RS256")
        return KeyAlgorithm::Rs256;
    if (name == "ES256")
        return KeyAlgorithm::Es256;
    if (name == "EdDSA" || name == "Ed25519")
        return KeyAlgorithm::EdDsa;
    return refused("only RS256, ES256 and EdDSA are taken; unsigned tokens and shared secrets never are.");
}

Result<void> checkHeader(const json& header) {
    if (header.contains("crit"))
        return refused("its header asks for an extension (crit) that is not understood.");
    std::string type = textOf(header, "typ");
    std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return std::tolower(c); });
    if (header.contains("typ") && type != "jwt" && type != "at+jwt" && type != "application/at+jwt")
        return refused("its header says that it is something else (typ) than an access token.");
    return {};
}

// r and s side by side, as tokens have them → as OpenSSL wants them.
std::string derOf(const std::string& raw) {
    constexpr std::size_t kHalf = 32;
    if (raw.size() != 2 * kHalf)
        return {};
    const auto* bytes = reinterpret_cast<const unsigned char*>(raw.data());
    const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> pair(ECDSA_SIG_new(), ECDSA_SIG_free);
    BIGNUM* r = BN_bin2bn(bytes, kHalf, nullptr);
    BIGNUM* s = BN_bin2bn(bytes + kHalf, kHalf, nullptr);
    if (!pair || r == nullptr || s == nullptr || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    unsigned char* der = nullptr;
    const int length = i2d_ECDSA_SIG(pair.get(), &der);
    std::string text =
        length > 0 ? std::string(reinterpret_cast<const char*>(der), static_cast<std::size_t>(length)) : std::string();
    OPENSSL_free(der);
    return text;
}

// Seconds since 1970; far beyond what any clock says is as good as never.
std::optional<double> timeOf(const json& claims, const char* name) {
    const auto found = claims.find(name);
    if (found == claims.end() || !found->is_number())
        return std::nullopt;
    const double seconds = found->get<double>();
    return std::isfinite(seconds) ? std::optional(std::clamp(seconds, -1e11, 1e11)) : std::nullopt;
}

bool isMeantFor(const json& claims, const std::string& audience) {
    if (textOf(claims, "azp") == audience)
        return true;
    const auto found = claims.find("aud");
    if (found == claims.end())
        return false;
    if (found->is_string())
        return found->get<std::string>() == audience;
    return found->is_array() && std::any_of(found->begin(), found->end(), [&](const json& one) {
               return one.is_string() && one.get<std::string>() == audience;
           });
}

Result<void> checkTimes(const json& claims, double now) {
    const double leeway = static_cast<double>(kLeeway.count());
    const auto ends = timeOf(claims, "exp");
    if (!ends)
        return refused("it does not say when it ends (exp).");
    if (*ends + leeway <= now)
        return refused("it has expired. Get a new one from its issuer.");
    for (const auto& [name, what] : {std::pair{"nbf", "it does not hold yet (nbf)."},
                                     std::pair{"iat", "it was issued in the future (iat); compare the clocks."}}) {
        if (!claims.contains(name))
            continue;
        const auto begins = timeOf(claims, name);
        if (!begins || *begins - leeway > now)
            return refused(what);
    }
    return {};
}

} // namespace

Result<UnverifiedToken> readToken(std::string_view token) {
    if (token.size() > kLongestToken)
        return refused("it is longer than " + std::to_string(kLongestToken) + " bytes.");
    const std::size_t first = token.find('.');
    const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos)
        return refused("it has not three parts.");
    MM_TRY(const json header, objectOf(token.substr(0, first), "header"));
    MM_CHECK(checkHeader(header));
    UnverifiedToken read;
    MM_TRY(read.algorithm, algorithmOf(header));
    read.keyId = textOf(header, "kid");
    auto signature = fromBase64Url(token.substr(second + 1));
    if (!signature || signature->empty())
        return refused("its signature is missing or no base64url.");
    MM_TRY(json claims, objectOf(token.substr(first + 1, second - first - 1), "payload"));
    read.claims = std::make_shared<const json>(std::move(claims));
    read.signedPart = token.substr(0, second);
    read.signature = std::move(*signature);
    return read;
}

const Jwk* keyFor(const UnverifiedToken& token, const JwkSet& keys) {
    const Jwk* only = nullptr;
    for (const Jwk& key : keys) {
        if (key.algorithm != token.algorithm)
            continue;
        if (!token.keyId.empty() && key.id == token.keyId)
            return &key;
        if (token.keyId.empty()) {
            if (only != nullptr)
                return nullptr; // which of them is not for us to guess
            only = &key;
        }
    }
    return only;
}

bool isSignedBy(const UnverifiedToken& token, const Jwk& key) {
    if (key.algorithm != token.algorithm)
        return false;
    const std::string signature = key.algorithm == KeyAlgorithm::Es256 ? derOf(token.signature) : token.signature;
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    const EVP_MD* digest = key.algorithm == KeyAlgorithm::EdDsa ? nullptr : EVP_sha256();
    return !signature.empty() && context &&
           EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.key.get()) == 1 &&
           EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(signature.data()), signature.size(),
                            reinterpret_cast<const unsigned char*>(token.signedPart.data()),
                            token.signedPart.size()) == 1;
}

Result<WallTime> checkClaims(const json& claims, const TokenRules& rules, WallTime now) {
    if (textOf(claims, "iss") != rules.issuer)
        return refused("it is from another issuer (iss) than " + rules.issuer + ".");
    if (!isMeantFor(claims, rules.audience))
        return refused("it is not meant for '" + rules.audience + "' (aud, azp).");
    if (textOf(claims, "sub").empty())
        return refused("it does not say who it is about (sub).");
    // What some issuers write into tokens that are for something else than getting in.
    const std::string type = textOf(claims, "typ");
    if (type == "ID" || type == "Refresh" || type == "Offline" || type == "Logout")
        return refused("it is no access token.");
    MM_CHECK(checkTimes(claims, std::chrono::duration<double>(now.time_since_epoch()).count()));
    // An end that the clock cannot count to is as good as none.
    const std::chrono::duration<double> end =
        std::min(std::chrono::duration<double>(*timeOf(claims, "exp")) + kLeeway,
                 std::chrono::duration<double>(std::chrono::hours(24 * 365 * 200)));
    return WallTime(std::chrono::duration_cast<WallTime::duration>(end));
}

} // namespace mm::access
