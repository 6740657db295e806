#include "engine/base/ids.h"

#include <cctype>
#include <cstdint>
#include <random>

namespace mm {
namespace {

std::uint64_t randomBits() {
    thread_local std::mt19937_64 engine = [] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device(), device(), device()};
        return std::mt19937_64(seed);
    }();
    return engine();
}

} // namespace

std::string newUuid() {
    constexpr std::string_view kHex = "0123456789abcdef";
    const std::uint64_t high = (randomBits() & ~0xF000ULL) | 0x4000ULL;
    const std::uint64_t low = (randomBits() & ~(3ULL << 62)) | (2ULL << 62);
    std::string text;
    text.reserve(36);
    for (int nibble = 0; nibble < 32; ++nibble) {
        if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20)
            text.push_back('-');
        const std::uint64_t half = nibble < 16 ? high : low;
        text.push_back(kHex[(half >> (60 - 4 * (nibble % 16))) & 0xF]);
    }
    return text;
}

bool isUuid(std::string_view text) {
    if (text.size() != 36)
        return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0)
            return false;
    }
    return true;
}

} // namespace mm
