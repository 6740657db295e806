#include "engine/base/logs/plain_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace mm::log {
namespace {

struct Range {
    std::uint32_t first;
    std::uint32_t last;
};
constexpr std::array kEscaped{Range{0x7f, 0x9f},     Range{0x200e, 0x200f}, Range{0x2028, 0x202e},
                              Range{0x2066, 0x2069}, Range{0x061c, 0x061c}, Range{0xfeff, 0xfeff}};

bool isEscaped(std::uint32_t point) {
    return std::any_of(kEscaped.begin(), kEscaped.end(),
                       [point](Range range) { return point >= range.first && point <= range.last; });
}

// The character that begins there and its bytes; only those of up to three bytes may be among the escaped.
struct Character {
    std::uint32_t point;
    std::size_t bytes;
};

Character characterAt(const std::string& text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    const std::uint32_t first = byte(at);
    if ((first & 0xe0U) == 0xc0U && at + 1 < text.size())
        return {((first & 0x1fU) << 6U) | (byte(at + 1) & 0x3fU), 2};
    if ((first & 0xf0U) == 0xe0U && at + 2 < text.size())
        return {((first & 0x0fU) << 12U) | ((byte(at + 1) & 0x3fU) << 6U) | (byte(at + 2) & 0x3fU), 3};
    return {first < 0x80 ? first : 0, 1};
}

} // namespace

std::string withoutControls(std::string text) {
    const auto first =
        std::find_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x7f; });
    if (first == text.end())
        return text;
    std::string plain(text.begin(), first);
    for (auto at = static_cast<std::size_t>(first - text.begin()); at < text.size();) {
        const Character character = characterAt(text, at);
        if (isEscaped(character.point)) {
            std::array<char, 8> escape{};
            std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(character.point));
            plain += escape.data();
        } else {
            plain.append(text, at, character.bytes);
        }
        at += character.bytes;
    }
    return plain;
}

} // namespace mm::log
