#include "engine/access/keys/key_secret.h"

#include "engine/access/sha256.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>

namespace mm::access {
namespace {

constexpr std::string_view kPrefix = "mm_";
constexpr std::size_t kBytes = 32;
constexpr std::size_t kSecretLength = 3 + 43;
constexpr std::size_t kShown = 9;
constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

template <std::size_t n>
Result<std::array<unsigned char, n>> randomBytes() {
    std::array<unsigned char, n> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1)
        return Error{ErrorCode::InternalError, "The system gives no random numbers, and no key is made without."};
    return bytes;
}

} // namespace

Result<std::string> newSecret() {
    MM_TRY(const auto bytes, randomBytes<kBytes>());
    std::string secret(kPrefix);
    unsigned bits = 0;
    int have = 0;
    for (const unsigned char byte : bytes) {
        bits = (bits << 8U) | byte;
        have += 8;
        for (; have >= 6; have -= 6)
            secret += kDigits[(bits >> static_cast<unsigned>(have - 6)) & 63U];
    }
    secret += kDigits[(bits << static_cast<unsigned>(6 - have)) & 63U];
    return secret;
}

bool isSecret(std::string_view text) {
    return text.size() == kSecretLength && text.starts_with(kPrefix) &&
           text.find_first_not_of(kDigits, kPrefix.size()) == std::string_view::npos;
}

std::string hashOf(std::string_view secret) {
    return toHex(sha256(secret));
}

std::string beginningOf(std::string_view secret) {
    return std::string(secret.substr(0, kShown));
}

Result<std::string> newKeyId() {
    MM_TRY(const auto bytes, randomBytes<6>());
    return toHex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

} // namespace mm::access
