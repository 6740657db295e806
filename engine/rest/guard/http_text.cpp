#include "engine/rest/guard/http_text.h"

#include <algorithm>
#include <array>

namespace mm::rest::guard {
namespace {

constexpr bool isAlphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr std::array<bool, 256> classOf(std::string_view others) {
    std::array<bool, 256> table{};
    for (int c = 0; c < 128; ++c)
        table[static_cast<std::size_t>(c)] =
            isAlphanumeric(static_cast<char>(c)) || others.find(static_cast<char>(c)) != std::string_view::npos;
    return table;
}

constexpr auto kTokenChars = classOf("!#$%&'*+-.^_`|~");
// Beyond RFC 3986, brackets and bars: browsers leave them as they are in queries.
constexpr auto kUrlChars = classOf("-._~:/?@!$&'()*+,;=%[]|");

bool allIn(const std::array<bool, 256>& table, std::string_view text) {
    return std::all_of(text.begin(), text.end(), [&](char c) { return table[static_cast<unsigned char>(c)]; });
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int hexValue(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

} // namespace

bool isToken(std::string_view text) {
    return !text.empty() && allIn(kTokenChars, text);
}

bool isDigits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool equalsIgnoringCase(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trimmed(std::string_view text) {
    const auto isBlank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && isBlank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isBlank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string lowered(std::string_view text) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), lower);
    return result;
}

bool isUrlText(std::string_view text) {
    if (!allIn(kUrlChars, text))
        return false;
    for (std::size_t at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1))
        if (at + 2 >= text.size() || hexValue(text[at + 1]) < 0 || hexValue(text[at + 2]) < 0)
            return false;
    return true;
}

bool percentDecode(std::string_view text, std::string& out) {
    out.clear();
    if (!isUrlText(text))
        return false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out += text[at];
            continue;
        }
        out += static_cast<char>(hexValue(text[at + 1]) * 16 + hexValue(text[at + 2]));
        at += 2;
    }
    return true;
}

} // namespace mm::rest::guard
