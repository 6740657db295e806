#include "engine/rest/json/json_reader.h"

#include "engine/ipc/utf8.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace mm::rest {
namespace {

constexpr std::size_t kFewKeys = 16;

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

void appendUtf8(std::string& out, unsigned code) {
    const auto put = [&](unsigned byte) { out += static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | (code >> 6));
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | (code >> 12));
        put(0x80 | ((code >> 6) & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | (code >> 18));
        put(0x80 | ((code >> 12) & 0x3F));
        put(0x80 | ((code >> 6) & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

} // namespace

std::string_view describe(JsonKind kind) {
    switch (kind) {
    case JsonKind::Object:
        return "an object";
    case JsonKind::Array:
        return "a list";
    case JsonKind::String:
        return "a string";
    case JsonKind::Number:
        return "a number";
    case JsonKind::Bool:
        return "true or false";
    case JsonKind::Null:
        return "null";
    case JsonKind::Broken:
        break;
    }
    return "nothing";
}

JsonReader::JsonReader(std::string_view text) : m_text(text) {
    if (const std::size_t bad = firstInvalidUtf8(text); bad != std::string_view::npos) {
        constexpr std::string_view kHex = "0123456789ABCDEF";
        const auto byte = static_cast<unsigned char>(text[bad]);
        fail(std::string("byte 0x") + kHex[byte >> 4U] + kHex[byte & 15U] + " is not valid UTF-8", bad);
    } else if (text.substr(0, 3) == "\xEF\xBB\xBF") {
        fail("it begins with a byte order mark; send it without", 0);
    }
}

JsonKind JsonReader::kind() {
    if (isBroken())
        return JsonKind::Broken;
    skipBlanks();
    if (m_at < m_text.size()) {
        const char c = m_text[m_at];
        switch (c) {
        case '{':
            return JsonKind::Object;
        case '[':
            return JsonKind::Array;
        case '"':
            return JsonKind::String;
        case 't':
        case 'f':
            return JsonKind::Bool;
        case 'n':
            return JsonKind::Null;
        default:
            if (c == '-' || isDigit(c))
                return JsonKind::Number;
        }
    }
    failHere("a value");
    return JsonKind::Broken;
}

bool JsonReader::enterObject() {
    return enter('{');
}
bool JsonReader::enterArray() {
    return enter('[');
}

bool JsonReader::enter(char open) {
    if (isBroken())
        return false;
    skipBlanks();
    if (m_at >= m_text.size() || m_text[m_at] != open)
        return failHere(open == '{' ? "'{'" : "'['");
    if (m_levels.size() >= kMaxDepth)
        return fail("it is nested deeper than " + std::to_string(kMaxDepth) + " levels", m_at);
    ++m_at;
    m_levels.emplace_back();
    return true;
}

// Reads over the comma before a member; false at the close, which is consumed, and when broken.
bool JsonReader::nextMember(char close) {
    if (isBroken())
        return false;
    skipBlanks();
    const std::string closing{'\'', close, '\''};
    Level& level = m_levels.back();
    if (m_at < m_text.size() && m_text[m_at] == close) {
        ++m_at;
        m_levels.pop_back();
        return false;
    }
    if (std::exchange(level.isFirst, false))
        return true;
    if (m_at >= m_text.size() || m_text[m_at] != ',')
        return failHere("',' or " + closing);
    ++m_at;
    return true;
}

bool JsonReader::nextItem() {
    if (!nextMember(']'))
        return false;
    return kind() != JsonKind::Broken;
}

bool JsonReader::nextKey(std::string& key) {
    if (!nextMember('}'))
        return false;
    skipBlanks();
    const std::size_t at = m_at;
    if (at >= m_text.size() || m_text[at] != '"')
        return failHere("a key in double quotes");
    if (!readString(key) || !rememberKey(key, at))
        return false;
    skipBlanks();
    if (m_at >= m_text.size() || m_text[m_at] != ':')
        return failHere("':'");
    ++m_at;
    return true;
}

bool JsonReader::rememberKey(const std::string& key, std::size_t at) {
    Level& level = m_levels.back();
    bool isNew = true;
    if (level.manyKeys.empty() && level.keys.size() < kFewKeys) {
        isNew = std::find(level.keys.begin(), level.keys.end(), key) == level.keys.end();
        level.keys.push_back(key);
    } else {
        if (level.manyKeys.empty())
            level.manyKeys.insert(level.keys.begin(), level.keys.end());
        isNew = level.manyKeys.insert(key).second;
    }
    return isNew || fail(std::string("the key \"").append(key, 0, 100).append("\" is given twice"), at);
}

bool JsonReader::readString(std::string& out) {
    out.clear();
    if (isBroken())
        return false;
    skipBlanks();
    if (m_at >= m_text.size() || m_text[m_at] != '"')
        return failHere("a string");
    const std::size_t opened = m_at++;
    while (m_at < m_text.size()) {
        std::size_t plain = m_at;
        while (plain < m_text.size() && m_text[plain] != '"' && m_text[plain] != '\\' &&
               static_cast<unsigned char>(m_text[plain]) >= ' ')
            ++plain;
        out.append(m_text.substr(m_at, plain - m_at));
        m_at = plain;
        if (m_at >= m_text.size())
            break;
        if (m_text[m_at] == '"') {
            ++m_at;
            return true;
        }
        if (m_text[m_at] != '\\')
            return fail("a control character in a string must be escaped", m_at);
        if (!readEscape(out))
            return false;
    }
    return fail("this string does not end", opened);
}

bool JsonReader::readEscape(std::string& out) {
    const std::size_t at = m_at;
    m_at += 2;
    const char c = at + 1 < m_text.size() ? m_text[at + 1] : '\0';
    switch (c) {
    case '"':
    case '\\':
    case '/':
        out += c;
        return true;
    case 'b':
        out += '\b';
        return true;
    case 'f':
        out += '\f';
        return true;
    case 'n':
        out += '\n';
        return true;
    case 'r':
        out += '\r';
        return true;
    case 't':
        out += '\t';
        return true;
    case 'u':
        break;
    default:
        return fail("unknown escape in a string", at);
    }
    unsigned code = 0;
    if (!readHex4(code))
        return fail("\\u needs four hexadecimal digits", at);
    if (code >= 0xD800 && code < 0xE000) {
        unsigned low = 0;
        const bool isPair = code < 0xDC00 && m_text.substr(m_at, 2) == "\\u" && (m_at += 2, readHex4(low)) &&
                            low >= 0xDC00 && low < 0xE000;
        if (!isPair)
            return fail("half of a surrogate pair in a string", at);
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    appendUtf8(out, code);
    return true;
}

bool JsonReader::readHex4(unsigned& out) {
    const std::string_view digits = m_text.substr(std::min(m_at, m_text.size()), 4);
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), out, 16);
    m_at += 4;
    return digits.size() == 4 && failure == std::errc() && end == digits.data() + 4;
}

bool JsonReader::readNumber(JsonNumber& out) {
    if (kind() != JsonKind::Number)
        return isBroken() ? false : failHere("a number");
    std::size_t end = m_at;
    while (end < m_text.size() &&
           (isDigit(m_text[end]) || std::string_view("+-.eE").find(m_text[end]) != std::string_view::npos))
        ++end;
    out.text = m_text.substr(m_at, end - m_at);
    if (!isJsonNumber(out.text))
        return fail(std::string(out.text.substr(0, 40)) + " is not a JSON number", m_at);
    m_at = end;
    return true;
}

bool JsonReader::readBool(bool& out) {
    if (kind() != JsonKind::Bool)
        return isBroken() ? false : failHere("true or false");
    out = m_text[m_at] == 't';
    return readWord(out ? "true" : "false");
}

bool JsonReader::readNull() {
    return readWord("null");
}

bool JsonReader::readWord(std::string_view word) {
    if (kind() == JsonKind::Broken)
        return false;
    if (m_text.substr(m_at, word.size()) != word)
        return failHere(word);
    m_at += word.size();
    return true;
}

bool JsonReader::skip() {
    std::string text;
    JsonNumber number;
    bool flag = false;
    switch (kind()) {
    case JsonKind::Object:
        enterObject(); // the reader bounds the depth, and with it this recursion
        while (nextKey(text) && skip()) {
        }
        return !isBroken();
    case JsonKind::Array:
        enterArray();
        while (nextItem() && skip()) {
        }
        return !isBroken();
    case JsonKind::String:
        return readString(text);
    case JsonKind::Number:
        return readNumber(number);
    case JsonKind::Bool:
        return readBool(flag);
    case JsonKind::Null:
        return readNull();
    case JsonKind::Broken:
        break;
    }
    return false;
}

bool JsonReader::end() {
    if (isBroken())
        return false;
    skipBlanks();
    return m_at == m_text.size() || failHere("nothing more");
}

void JsonReader::skipBlanks() {
    while (m_at < m_text.size() &&
           (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\r' || m_text[m_at] == '\t'))
        ++m_at;
}

bool JsonReader::failHere(std::string_view expected) {
    std::string found = "the end";
    if (m_at < m_text.size()) {
        const auto c = static_cast<unsigned char>(m_text[m_at]);
        found = c > ' ' && c < 127 ? std::string{'\'', m_text[m_at], '\''} : "a character that does not belong here";
    }
    return fail("expected " + std::string(expected) + ", found " + found, m_at);
}

bool JsonReader::fail(std::string what, std::size_t at) {
    if (isBroken())
        return false;
    const std::string_view before = m_text.substr(0, at);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t lineBegin = before.rfind('\n') + 1; // npos + 1 is 0
    const std::string_view inLine = before.substr(lineBegin);
    const auto column = std::count_if(inLine.begin(), inLine.end(),
                                      [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }) +
                        1;
    m_error = Error{
        ErrorCode::MalformedRequest,
        "The body cannot be read as JSON at line " + std::to_string(line) + ", column " + std::to_string(column) +
            ": " + what + ".",
        {{"line", std::int64_t{line}}, {"column", std::int64_t{column}}, {"offset", static_cast<std::int64_t>(at)}}};
    return false;
}

} // namespace mm::rest
