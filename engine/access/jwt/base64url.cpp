#include "engine/access/jwt/base64url.h"

namespace mm::access {
namespace {

int valueOf(char c) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '-' ? 62 : c == '_' ? 63 : -1;
}

} // namespace

std::optional<std::string> fromBase64Url(std::string_view text) {
    if (text.size() % 4 == 1)
        return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    unsigned bits = 0;
    unsigned have = 0;
    for (const char c : text) {
        const int value = valueOf(c);
        if (value < 0)
            return std::nullopt;
        bits = ((bits << 6U) | static_cast<unsigned>(value)) & 0xffffU;
        have += 6;
        if (have >= 8) {
            have -= 8;
            bytes += static_cast<char>((bits >> have) & 0xffU);
        }
    }
    if ((bits & ((1U << have) - 1)) != 0)
        return std::nullopt;
    return bytes;
}

} // namespace mm::access
