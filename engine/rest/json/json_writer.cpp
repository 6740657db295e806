#include "engine/rest/json/json_writer.h"

#include "engine/ipc/utf8.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

namespace mm::rest {
namespace {

constexpr std::size_t kLongestNumber = 32;
constexpr double kExactIntegers = 9007199254740992.0; // 2^53
static_assert(std::endian::native == std::endian::little, "float32 goes out as it lies in memory");

bool isPlain(char c) {
    return static_cast<unsigned char>(c) >= ' ' && c != '"' && c != '\\';
}

void appendEscaped(std::string& out, char c) {
    constexpr std::string_view kHex = "0123456789abcdef";
    switch (c) {
    case '"':
        out += "\\\"";
        break;
    case '\\':
        out += "\\\\";
        break;
    case '\n':
        out += "\\n";
        break;
    case '\r':
        out += "\\r";
        break;
    case '\t':
        out += "\\t";
        break;
    default:
        out += "\\u00";
        out += kHex[static_cast<unsigned char>(c) >> 4U];
        out += kHex[static_cast<unsigned char>(c) & 15U];
    }
}

// Text from outside (a worker's last lines, a file name) may be anything; an answer is always UTF-8.
std::string mended(std::string_view text) {
    std::string result;
    for (std::size_t bad = firstInvalidUtf8(text); bad != std::string_view::npos; bad = firstInvalidUtf8(text)) {
        result.append(text.substr(0, bad)).append("\xEF\xBF\xBD");
        text.remove_prefix(bad + 1);
    }
    return result.append(text);
}

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Two digits for each twelve bits: half as many look-ups, which is three times as fast as one digit at a time.
constexpr auto kBase64Pairs = [] {
    std::array<std::array<char, 2>, 4096> pairs{};
    for (std::size_t i = 0; i < pairs.size(); ++i)
        pairs[i] = {kBase64[i >> 6U], kBase64[i & 63U]};
    return pairs;
}();

char* writeBase64(std::string_view bytes, char* to) {
    const auto* from = reinterpret_cast<const unsigned char*>(bytes.data());
    std::size_t left = bytes.size();
    for (; left >= 3; left -= 3, from += 3, to += 4) {
        const unsigned group = static_cast<unsigned>(from[0]) << 16U | static_cast<unsigned>(from[1]) << 8U | from[2];
        std::memcpy(to, kBase64Pairs[group >> 12U].data(), 2);
        std::memcpy(to + 2, kBase64Pairs[group & 4095U].data(), 2);
    }
    if (left == 0)
        return to;
    const unsigned group =
        static_cast<unsigned>(from[0]) << 16U | (left == 2 ? static_cast<unsigned>(from[1]) << 8U : 0U);
    *to++ = kBase64[group >> 18U];
    *to++ = kBase64[group >> 12U & 63U];
    *to++ = left == 2 ? kBase64[group >> 6U & 63U] : '=';
    *to++ = '=';
    return to;
}

} // namespace

void JsonWriter::separate() {
    if (m_needsComma)
        m_out += ',';
    m_needsComma = true;
}

JsonWriter& JsonWriter::open(char c) {
    separate();
    m_out += c;
    m_needsComma = false;
    return *this;
}

JsonWriter& JsonWriter::close(char c) {
    m_out += c;
    m_needsComma = true;
    return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
    string(name);
    m_out += ':';
    m_needsComma = false;
    return *this;
}

JsonWriter& JsonWriter::string(std::string_view text) {
    if (firstInvalidUtf8(text) != std::string_view::npos)
        return string(mended(text));
    separate();
    m_out += '"';
    std::size_t from = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (isPlain(text[at]))
            continue;
        m_out.append(text.substr(from, at - from));
        appendEscaped(m_out, text[at]);
        from = at + 1;
    }
    m_out.append(text.substr(from));
    m_out += '"';
    return *this;
}

JsonWriter& JsonWriter::integer(std::int64_t value) {
    separate();
    char digits[kLongestNumber];
    m_out.append(digits, std::to_chars(digits, digits + kLongestNumber, value).ptr);
    return *this;
}

JsonWriter& JsonWriter::number(double value) {
    if (!std::isfinite(value))
        return null();
    if (std::nearbyint(value) == value && std::fabs(value) <= kExactIntegers)
        return integer(static_cast<std::int64_t>(value));
    separate();
    char digits[kLongestNumber];
    m_out.append(digits, std::to_chars(digits, digits + kLongestNumber, value).ptr);
    return *this;
}

JsonWriter& JsonWriter::number(float value) {
    if (!std::isfinite(value))
        return null();
    separate();
    char digits[kLongestNumber];
    m_out.append(digits, std::to_chars(digits, digits + kLongestNumber, value).ptr);
    return *this;
}

JsonWriter& JsonWriter::boolean(bool value) {
    separate();
    m_out += value ? "true" : "false";
    return *this;
}

JsonWriter& JsonWriter::null() {
    separate();
    m_out += "null";
    return *this;
}

JsonWriter& JsonWriter::floats(const float* values, std::size_t count) {
    separate();
    constexpr std::size_t kMostPerFloat = 16; // "-1.17549435e-38" and a comma
    const std::size_t begin = m_out.size();
    m_out.resize(begin + 2 + count * kMostPerFloat);
    char* at = m_out.data() + begin;
    *at++ = '[';
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0)
            *at++ = ',';
        if (values[i] == 0.0F && std::signbit(values[i]))
            at = std::copy_n("-0.0", 4, at); // "-0" would be read as an integer, which has no such zero
        else if (std::isfinite(values[i]))
            at = std::to_chars(at, at + kMostPerFloat, values[i]).ptr;
        else
            at = std::copy_n("null", 4, at);
    }
    *at++ = ']';
    m_out.resize(static_cast<std::size_t>(at - m_out.data()));
    return *this;
}

JsonWriter& JsonWriter::floatsAsBase64(const float* values, std::size_t count) {
    return bytesAsBase64({reinterpret_cast<const char*>(values), count * sizeof(float)});
}

JsonWriter& JsonWriter::bytesAsBase64(std::string_view bytes) {
    separate();
    const std::size_t begin = m_out.size();
    m_out.resize(begin + 2 + (bytes.size() + 2) / 3 * 4);
    char* at = m_out.data() + begin;
    *at++ = '"';
    *writeBase64(bytes, at) = '"';
    return *this;
}

} // namespace mm::rest
