#include "tests/bench/load/response_reader.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace mm::load {
namespace {

constexpr std::string_view kHeadEnd = "\r\n\r\n";

bool sameWord(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
    });
}

template <typename Number>
std::optional<Number> toNumber(std::string_view text) {
    Number number{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failed == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

} // namespace

void ResponseReader::reset() {
    m_partialHead.clear();
    m_bodyLeft = 0;
    m_status = 0;
    m_inBody = false;
    m_closes = false;
}

ResponseReader::State ResponseReader::feed(std::string_view bytes) {
    if (!m_inBody) {
        const std::size_t kept = m_partialHead.size();
        if (kept > 0)
            m_partialHead += bytes;
        const std::string_view seen = kept > 0 ? std::string_view(m_partialHead) : bytes;
        const std::size_t end = seen.find(kHeadEnd);
        if (end == std::string_view::npos) {
            if (kept == 0)
                m_partialHead = bytes;
            return State::Reading;
        }
        if (readHead(seen.substr(0, end)) == State::Broken)
            return State::Broken;
        bytes.remove_prefix(end + kHeadEnd.size() - kept);
        m_inBody = true;
    }
    if (bytes.size() > m_bodyLeft)
        return State::Broken; // more than was announced: nothing else has been asked for
    m_bodyLeft -= bytes.size();
    return m_bodyLeft == 0 ? State::Done : State::Reading;
}

ResponseReader::State ResponseReader::readHead(std::string_view head) {
    if (!head.starts_with("HTTP/1.1 ") || head.size() < 12)
        return State::Broken;
    m_status = toNumber<int>(head.substr(9, 3)).value_or(0);
    std::optional<std::uint64_t> length;
    for (std::size_t line = head.find("\r\n"); line != std::string_view::npos; line = head.find("\r\n", line)) {
        line += 2;
        const std::string_view field = head.substr(line, head.find("\r\n", line) - line);
        const std::size_t colon = field.find(':');
        if (colon == std::string_view::npos)
            return State::Broken;
        const std::string_view name = field.substr(0, colon);
        std::string_view value = field.substr(colon + 1);
        value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
        if (sameWord(name, "content-length"))
            length = toNumber<std::uint64_t>(value);
        else if (sameWord(name, "connection"))
            m_closes = sameWord(value, "close");
    }
    if (!length && m_status == 204)
        length = 0;
    if (!length || m_status == 0)
        return State::Broken;
    m_bodyLeft = *length;
    return State::Reading;
}

} // namespace mm::load
