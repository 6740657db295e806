#include "cli/output/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace mm::cli {
namespace {

struct Decoded {
    char32_t point;
    std::size_t bytes; // 0: not UTF-8
};

Decoded decodeAt(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80)
        return {lead, 1};
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || at + length > text.size())
        return {lead, 0};
    char32_t point = lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80U)
            return {lead, 0};
        point = (point << 6) | (byte(i) & 0x3fU);
    }
    constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = point >= 0xd800 && point <= 0xdfff;
    if (point < kSmallest.at(length) || surrogate || point > 0x10ffff)
        return {lead, 0};
    return {point, length};
}

// Control characters, and the marks that turn the direction of writing.
bool isUnsafe(char32_t point) {
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x202a && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069) || point == 0x2028 || point == 0x2029;
}

struct Range {
    char32_t first;
    char32_t last;
};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t point) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [point](const Range& range) { return point >= range.first && point <= range.last; });
}

// The blocks that matter for names and texts, not every single character of the Unicode tables.
constexpr std::array<Range, 12> kNoWidth{{{0x0300, 0x036f},
                                          {0x0483, 0x0489},
                                          {0x0591, 0x05bd},
                                          {0x0610, 0x061a},
                                          {0x064b, 0x065f},
                                          {0x0e31, 0x0e31},
                                          {0x0e34, 0x0e3a},
                                          {0x0e47, 0x0e4e},
                                          {0x1ab0, 0x1aff},
                                          {0x200b, 0x200f},
                                          {0x20d0, 0x20ff},
                                          {0xfe00, 0xfe0f}}};
constexpr std::array<Range, 12> kTwoWide{{{0x1100, 0x115f},
                                          {0x2e80, 0x303e},
                                          {0x3041, 0x33ff},
                                          {0x3400, 0x4dbf},
                                          {0x4e00, 0x9fff},
                                          {0xa000, 0xa4cf},
                                          {0xac00, 0xd7a3},
                                          {0xf900, 0xfaff},
                                          {0xfe30, 0xfe6f},
                                          {0xff00, 0xff60},
                                          {0x1f300, 0x1faff},
                                          {0x20000, 0x3fffd}}};

std::size_t widthOf(char32_t point) {
    return within(kNoWidth, point) ? 0 : within(kTwoWide, point) ? 2 : 1;
}

// Bytes of the longest beginning that takes no more columns.
std::size_t prefixOf(std::string_view text, std::size_t width) {
    std::size_t used = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        const Decoded next = decodeAt(text, at);
        used += widthOf(next.point);
        if (used > width)
            break;
        at += std::max<std::size_t>(next.bytes, 1);
    }
    return at;
}

std::string format(const char* pattern, double value) {
    std::array<char, 64> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), pattern, value);
    return {buffer.data(), static_cast<std::size_t>(std::clamp(length, 0, int{buffer.size()} - 1))};
}

} // namespace

std::string printable(std::string_view text) {
    std::string safe;
    safe.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Decoded next = decodeAt(text, at);
        if (next.bytes == 0 || isUnsafe(next.point)) {
            std::array<char, 16> escape{};
            if (next.point == '\n')
                safe += "\\n";
            else if (next.point == '\t')
                safe += "\\t";
            else if (std::snprintf(escape.data(), escape.size(), next.point < 0x100 ? "\\x%02x" : "\\u%04x",
                                   static_cast<unsigned>(next.point)) > 0)
                safe += escape.data();
        } else {
            safe += text.substr(at, next.bytes);
        }
        at += std::max<std::size_t>(next.bytes, 1);
    }
    return safe;
}

bool isUtf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const Decoded next = decodeAt(text, at);
        if (next.bytes == 0)
            return false;
        at += next.bytes;
    }
    return true;
}

std::size_t displayWidth(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Decoded next = decodeAt(text, at);
        at += std::max<std::size_t>(next.bytes, 1);
        width += widthOf(next.point);
    }
    return width;
}

std::string clipped(std::string_view text, std::size_t width) {
    if (displayWidth(text) <= width)
        return std::string(text);
    if (width == 0)
        return {};
    const std::size_t bytes = prefixOf(text, width - 1);
    return std::string(text.substr(0, bytes)) + "…";
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
    std::vector<std::string> lines;
    while (displayWidth(text) > width) {
        // A single character that is wider than the line gets one all the same.
        std::size_t end = std::max(prefixOf(text, width), std::max<std::size_t>(decodeAt(text, 0).bytes, 1));
        const std::size_t blank = text.substr(0, end + 1).find_last_of(' ');
        if (blank != std::string_view::npos && blank > 0)
            end = blank;
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
        text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    }
    if (lines.empty() || !text.empty())
        lines.emplace_back(text);
    return lines;
}

std::string progressBar(double part, std::size_t columns) {
    const std::size_t inner = columns > 2 ? columns - 2 : 0;
    const auto full = static_cast<std::size_t>(std::clamp(part, 0.0, 1.0) * static_cast<double>(inner));
    return "[" + std::string(full, '#') + std::string(inner - full, ' ') + "]";
}

std::string humanNumber(double value, int digits) {
    std::array<char, 64> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), "%.*f", digits, value);
    std::string text(buffer.data(), static_cast<std::size_t>(std::clamp(length, 0, int{buffer.size()} - 1)));
    if (text.find('.') == std::string::npos)
        return text;
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.')
        text.pop_back();
    return text == "-0" ? "0" : text;
}

std::string humanBytes(double bytes) {
    constexpr std::array<const char*, 5> kUnits{"B", "KB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    while (bytes >= 1023.5 && unit + 1 < kUnits.size()) {
        bytes /= 1024;
        ++unit;
    }
    return humanNumber(bytes, unit == 0 || bytes >= 99.95 ? 0 : 1) + " " + kUnits.at(unit);
}

std::string humanMilliseconds(double milliseconds) {
    if (milliseconds < 9.95)
        return humanNumber(milliseconds, milliseconds < 0.995 ? 2 : 1) + " ms";
    if (milliseconds < 999.5)
        return format("%.0f ms", milliseconds);
    const double seconds = milliseconds / 1000;
    if (seconds < 119.5)
        return humanNumber(seconds, 1) + " s";
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
}

std::string humanUptime(std::int64_t seconds) {
    if (seconds < 60)
        return std::to_string(std::max<std::int64_t>(seconds, 0)) + " s";
    if (seconds < 3600)
        return std::to_string(seconds / 60) + " min";
    if (seconds < 86400)
        return std::to_string(seconds / 3600) + " h " + std::to_string(seconds % 3600 / 60) + " min";
    return std::to_string(seconds / 86400) + " d " + std::to_string(seconds % 86400 / 3600) + " h";
}

std::string humanAge(std::int64_t seconds) {
    if (seconds < 5)
        return "just now";
    if (seconds < 60)
        return std::to_string(seconds) + " s ago";
    if (seconds < 3600)
        return std::to_string(seconds / 60) + " min ago";
    if (seconds < 86400)
        return std::to_string(seconds / 3600) + " h ago";
    return seconds < 172800 ? "1 day ago" : std::to_string(seconds / 86400) + " days ago";
}

} // namespace mm::cli
