#include "engine/rest/guard/answer_head.h"

#include "engine/rest/guard/http_text.h"
#include "engine/rest/guard/reason_phrase.h"

#include <array>
#include <charconv>
#include <ctime>

namespace mm::rest::guard {
namespace {

constexpr std::size_t kUsualHeadBytes = 384;

bool hasNoBody(int status) {
    return status < 200 || status == 204 || status == 304;
}

// Decided here alone, whatever a handler says.
bool isFraming(std::string_view name) {
    return equalsIgnoringCase(name, "content-length") || equalsIgnoringCase(name, "transfer-encoding") ||
           equalsIgnoringCase(name, "connection");
}

void appendClean(std::string& out, std::string_view text) {
    const std::size_t from = out.size();
    out += text;
    for (std::size_t at = from; at < out.size(); ++at)
        if (out[at] == '\r' || out[at] == '\n' || out[at] == '\0')
            out[at] = ' ';
}

void appendHeader(std::string& out, std::string_view name, std::string_view value) {
    appendClean(out, name);
    out += ": ";
    appendClean(out, value);
    out += "\r\n";
}

void appendNumber(std::string& out, std::uint64_t number) {
    std::array<char, 20> digits; // NOLINT: filled by to_chars
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    out.append(digits.data(), end);
}

// "Date: …", made once a second.
const std::string& dateLine() {
    thread_local std::time_t madeAt = -1;
    thread_local std::string line;
    const std::time_t now = std::time(nullptr);
    if (now == madeAt)
        return line;
    madeAt = now;
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), "Date: %s, %02d %s %d %02d:%02d:%02d GMT\r\n",
                                   kDays.at(static_cast<std::size_t>(utc.tm_wday)), utc.tm_mday,
                                   kMonths.at(static_cast<std::size_t>(utc.tm_mon)), utc.tm_year + 1900, utc.tm_hour,
                                   utc.tm_min, utc.tm_sec);
    line.assign(text.data(), static_cast<std::size_t>(size));
    return line;
}

} // namespace

std::optional<std::uint64_t> namedLength(const Answer& head) {
    for (const auto& [name, value] : head.headers) {
        std::uint64_t length = 0;
        if (equalsIgnoringCase(name, "content-length") && isDigits(value) &&
            std::from_chars(value.data(), value.data() + value.size(), length).ec == std::errc())
            return length;
    }
    return std::nullopt;
}

BodyFraming pieceFraming(const Answer& head, const AnswerManner& manner) {
    if (hasNoBody(head.status))
        return BodyFraming::None;
    if (namedLength(head))
        return BodyFraming::Length;
    return manner.http10 ? BodyFraming::UntilClose : BodyFraming::Chunked;
}

std::string answerHead(const Answer& answer, const AnswerManner& manner, BodyFraming framing,
                       std::optional<std::uint64_t> length) {
    std::string head;
    head.reserve(kUsualHeadBytes);
    head += "HTTP/1.1 ";
    appendNumber(head, static_cast<std::uint64_t>(answer.status));
    head += ' ';
    head += reasonPhrase(answer.status);
    head += "\r\n";
    head += dateLine();
    if (!hasNoBody(answer.status)) {
        if (!answer.contentType.empty())
            appendHeader(head, "Content-Type", answer.contentType);
        if (framing == BodyFraming::Length) {
            head += "Content-Length: ";
            appendNumber(head, length.value_or(0));
            head += "\r\n";
        } else if (framing == BodyFraming::Chunked) {
            head += "Transfer-Encoding: chunked\r\n";
        }
    }
    for (const auto& [name, value] : answer.headers)
        if (!isFraming(name))
            appendHeader(head, name, value);
    if (!manner.keepAlive)
        head += "Connection: close\r\n";
    else if (manner.http10)
        head += "Connection: keep-alive\r\n";
    head += "\r\n";
    return head;
}

} // namespace mm::rest::guard
