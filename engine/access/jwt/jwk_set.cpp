#include "engine/access/jwt/jwk_set.h"

#include "engine/access/jwt/base64url.h"
#include "engine/files/strict_json.h"

#include <nlohmann/json.hpp>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include <optional>
#include <utility>

namespace mm::access {
namespace {

using nlohmann::json;
using KeyPtr = std::shared_ptr<EVP_PKEY>;

constexpr std::size_t kMostKeys = 64;
constexpr std::size_t kLongestId = 256;
constexpr int kLeastRsaBits = 2048;
constexpr int kMostRsaBits = 8192;
constexpr int kDepth = 8;

std::string textOf(const json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string bytesOf(const json& object, const char* name) {
    return fromBase64Url(textOf(object, name)).value_or(std::string());
}

// A key of the type from its parameters, if OpenSSL accepts it.
KeyPtr fromParameters(const char* type, OSSL_PARAM_BLD* builder) {
    const std::unique_ptr<OSSL_PARAM, decltype(&OSSL_PARAM_free)> parameters(OSSL_PARAM_BLD_to_param(builder),
                                                                             OSSL_PARAM_free);
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
        EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr), EVP_PKEY_CTX_free);
    EVP_PKEY* key = nullptr;
    if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
        return nullptr;
    KeyPtr kept(key, EVP_PKEY_free);
    const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> check(
        EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr), EVP_PKEY_CTX_free);
    return check && EVP_PKEY_public_check_quick(check.get()) == 1 ? kept : nullptr;
}

using Builder = std::unique_ptr<OSSL_PARAM_BLD, decltype(&OSSL_PARAM_BLD_free)>;

KeyPtr rsaKey(const json& object) {
    const std::string modulus = bytesOf(object, "n");
    const std::string exponent = bytesOf(object, "e");
    if (modulus.empty() || modulus.size() > kMostRsaBits / 8 || exponent.empty() || exponent.size() > 8)
        return nullptr;
    const auto number = [](const std::string& bytes) {
        return std::unique_ptr<BIGNUM, decltype(&BN_free)>(
            BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()), nullptr),
            BN_free);
    };
    const auto n = number(modulus);
    const auto e = number(exponent);
    const Builder builder(OSSL_PARAM_BLD_new(), OSSL_PARAM_BLD_free);
    // An exponent of one would let every signature through.
    if (!n || !e || !builder || BN_num_bits(n.get()) < kLeastRsaBits || BN_num_bits(e.get()) < 2 ||
        BN_is_odd(e.get()) != 1 || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
        return nullptr;
    return fromParameters("RSA", builder.get());
}

KeyPtr curveKey(const json& object) {
    constexpr std::size_t kCoordinate = 32;
    const std::string x = bytesOf(object, "x");
    const std::string y = bytesOf(object, "y");
    if (textOf(object, "crv") != "P-256" || x.size() != kCoordinate || y.size() != kCoordinate)
        return nullptr;
    const std::string point = '\x04' + x + y;
    const Builder builder(OSSL_PARAM_BLD_new(), OSSL_PARAM_BLD_free);
    if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1)
        return nullptr;
    return fromParameters("EC", builder.get());
}

KeyPtr edwardsKey(const json& object) {
    constexpr std::size_t kLength = 32;
    const std::string x = bytesOf(object, "x");
    if (textOf(object, "crv") != "Ed25519" || x.size() != kLength)
        return nullptr;
    return {EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(x.data()),
                                        x.size()),
            EVP_PKEY_free};
}

// The algorithm is the key's, never the token's: that is what keeps one from being taken for another.
std::optional<Jwk> keyOf(const json& object) {
    if (!object.is_object())
        return std::nullopt;
    const std::string type = textOf(object, "kty");
    const std::string use = textOf(object, "use");
    const std::string algorithm = textOf(object, "alg");
    Jwk made{textOf(object, "kid"), {}, nullptr};
    if (made.id.size() > kLongestId || (!use.empty() && use != "sig"))
        return std::nullopt;
    if (type == "RSA" && (algorithm.empty() || algorithm == "RS256")) {
        made.algorithm = KeyAlgorithm::Rs256;
        made.key = rsaKey(object);
    } else if (type == "EC" && (algorithm.empty() || algorithm == "ES256")) {
        made.algorithm = KeyAlgorithm::Es256;
        made.key = curveKey(object);
    } else if (type == "OKP" && (algorithm.empty() || algorithm == "EdDSA" || algorithm == "Ed25519")) {
        made.algorithm = KeyAlgorithm::EdDsa;
        made.key = edwardsKey(object);
    }
    return made.key ? std::optional(std::move(made)) : std::nullopt;
}

} // namespace

Result<JwkSet> readJwks(std::string_view text, const std::string& source) {
    const auto refused = [&](const std::string& why) {
        return Error{
            ErrorCode::InvalidConfiguration, "The keys at " + source + " cannot be used: " + why, {{"source", source}}};
    };
    if (text.size() > kLargestJwks)
        return refused("they take more than " + std::to_string(kLargestJwks) + " bytes.");
    const auto document = parseStrictJson(text, source, kDepth);
    if (!document.ok())
        return refused("they are no JSON. " + document.error().message);
    if (!document->is_object() || !document->contains("keys") || !(*document)["keys"].is_array())
        return refused("there is no list 'keys'.");
    const json& listed = (*document)["keys"];
    if (listed.size() > kMostKeys)
        return refused("there are more than " + std::to_string(kMostKeys) + ".");
    JwkSet keys;
    for (const json& object : listed)
        if (auto key = keyOf(object))
            keys.push_back(std::move(*key));
    if (keys.empty())
        return refused("none of them is one that is taken: RSA from 2048 bits, EC on P-256, or Ed25519.");
    return keys;
}

} // namespace mm::access
