#include "engine/rest/guard/request_parser.h"

#include "engine/rest/guard/http_text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace mm::rest::guard {
namespace {

constexpr std::array<std::string_view, 7> kMethods{"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"};
constexpr std::size_t kUsualHeaders = 12;
constexpr std::int64_t kFirstBodyReserve = 256L * 1024;

bool hasControlCharacter(std::string_view value) {
    return std::any_of(value.begin(), value.end(),
                       [](char c) { return (static_cast<unsigned char>(c) < ' ' && c != '\t') || c == 127; });
}

// "." and ".." in any spelling: what a proxy and we could resolve differently.
bool hasDotSegment(std::string_view encodedPath) {
    std::string path;
    percentDecode(encodedPath, path);
    std::size_t from = 0;
    while (from <= path.size()) {
        const std::size_t slash = std::min(path.find('/', from), path.size());
        const std::string_view segment = std::string_view(path).substr(from, slash - from);
        if (segment == "." || segment == "..")
            return true;
        from = slash + 1;
    }
    return false;
}

// "http://host/path" means "/path": what proxies are asked, and every server must understand.
std::string_view withoutAuthority(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!equalsIgnoringCase(target.substr(0, scheme.size()), scheme))
            continue;
        const std::size_t end = target.find_first_of("/?", scheme.size());
        if (end == scheme.size() || target.size() == scheme.size() || (end < target.size() && target[end] == '?'))
            return {};
        return end == std::string_view::npos ? std::string_view("/") : target.substr(end);
    }
    return target;
}

} // namespace

std::string_view HttpRequest::header(std::string_view name) const {
    for (const auto& [known, value] : headers)
        if (known == name)
            return value;
    return {};
}

RequestParser::State RequestParser::feed(std::string_view bytes) {
    if (m_state == State::Refused)
        return m_state;
    m_buffer.append(bytes);
    if (m_state == State::Idle)
        skipBlankLines();
    if (m_state == State::Head)
        readHead();
    if (m_state == State::Body)
        readBody();
    if (m_state != State::Complete)
        dropConsumed();
    return m_state;
}

HttpRequest RequestParser::take() {
    m_state = State::Idle;
    m_scanned = m_at;
    return std::exchange(m_request, {});
}

bool RequestParser::takeContinueWish() {
    return std::exchange(m_continueWish, false);
}

// Some clients send an empty line after a body; RFC 9112 asks to read over it.
void RequestParser::skipBlankLines() {
    while (m_at < m_buffer.size() && (m_buffer[m_at] == '\r' || m_buffer[m_at] == '\n'))
        ++m_at;
    m_scanned = m_at;
    if (m_at < m_buffer.size())
        m_state = State::Head;
}

void RequestParser::readHead() {
    const std::size_t from = std::max(m_at, m_scanned > 3 ? m_scanned - 3 : 0);
    const std::size_t end = m_buffer.find("\r\n\r\n", from);
    m_scanned = m_buffer.size();
    // Up to three bytes of an end that is still on its way do not count, however the stream is sliced.
    const std::size_t size = end != std::string::npos
                                 ? end - m_at
                                 : m_buffer.size() - m_at - std::min<std::size_t>(m_buffer.size() - m_at, 3);
    if (static_cast<std::int64_t>(size) > m_limits.maxHeadBytes) {
        refuse(431, ErrorCode::MalformedRequest,
               "The request's headers are over the limit of " + std::to_string(m_limits.maxHeadBytes) + " bytes.",
               {{"limit_bytes", m_limits.maxHeadBytes}});
        return;
    }
    if (end == std::string::npos)
        return;

    m_request = {};
    m_request.headers.reserve(kUsualHeaders);
    m_hosts = 0;
    m_length = -1;
    m_isChunked = false;
    m_continueWish = false;
    const std::string_view head = std::string_view(m_buffer).substr(m_at, size);
    std::size_t lineEnd = std::min(head.find("\r\n"), head.size());
    if (!readRequestLine(head.substr(0, lineEnd)))
        return;
    while (lineEnd < head.size()) {
        const std::size_t lineBegin = lineEnd + 2;
        lineEnd = std::min(head.find("\r\n", lineBegin), head.size());
        if (!readHeaderLine(head.substr(lineBegin, lineEnd - lineBegin)))
            return;
    }
    m_at += size + 4;
    if (endHead())
        m_state = State::Body;
}

bool RequestParser::readRequestLine(std::string_view line) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last || !isToken(line.substr(0, first)))
        return refuse(400, ErrorCode::MalformedRequest, "The first line is not \"METHOD /path HTTP/1.1\".");
    const std::string_view method = line.substr(0, first);
    const std::string_view version = line.substr(last + 1);
    if (version != "HTTP/1.1" && version != "HTTP/1.0") {
        const bool isHttp = version.substr(0, 5) == "HTTP/";
        return refuse(isHttp ? 505 : 400, ErrorCode::MalformedRequest, "Only HTTP/1.1 and HTTP/1.0 are spoken here.");
    }
    m_request.http10 = version == "HTTP/1.0";
    m_request.keepAlive = !m_request.http10;
    if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end())
        return refuse(501, ErrorCode::NotImplemented, "The method " + std::string(method) + " is not known here.");
    m_request.headOnly = method == "HEAD";
    m_request.method = m_request.headOnly ? "GET" : method;
    return readTarget(line.substr(first + 1, last - first - 1));
}

bool RequestParser::readTarget(std::string_view target) {
    if (static_cast<std::int64_t>(target.size()) > m_limits.maxTargetBytes)
        return refuse(414, ErrorCode::MalformedRequest,
                      "The path and query are over the limit of " + std::to_string(m_limits.maxTargetBytes) + " bytes.",
                      {{"limit_bytes", m_limits.maxTargetBytes}});
    if (target == "*" && m_request.method == "OPTIONS") {
        m_request.path.assign(1, '*');
        return true;
    }
    target = withoutAuthority(target);
    if (target.empty() || target.front() != '/')
        return refuse(400, ErrorCode::MalformedRequest, "The path does not begin with '/'.");
    if (!isUrlText(target))
        return refuse(400, ErrorCode::MalformedRequest,
                      "The path or query holds a character that must be percent-encoded, or a '%' without two "
                      "hexadecimal digits.");
    const std::size_t mark = std::min(target.find('?'), target.size());
    const std::string_view path = target.substr(0, mark);
    if (path.find("//") != std::string_view::npos)
        return refuse(400, ErrorCode::MalformedRequest, "The path holds an empty segment (\"//\").");
    if (hasDotSegment(path))
        return refuse(400, ErrorCode::MalformedRequest, "The path holds a \".\" or \"..\" segment.");
    if (path.find("%00") != std::string_view::npos)
        return refuse(400, ErrorCode::MalformedRequest, "The path holds a NUL byte.");
    m_request.path = path;
    if (mark < target.size())
        m_request.query = target.substr(mark + 1);
    return true;
}

bool RequestParser::readHeaderLine(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !isToken(line.substr(0, colon)))
        return refuse(400, ErrorCode::MalformedRequest, "A header line is not \"Name: value\".");
    if (static_cast<int>(m_request.headers.size()) >= m_limits.maxHeaders)
        return refuse(431, ErrorCode::MalformedRequest,
                      "There are more than " + std::to_string(m_limits.maxHeaders) + " headers.",
                      {{"limit_headers", std::int64_t{m_limits.maxHeaders}}});
    std::string name = lowered(line.substr(0, colon));
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (hasControlCharacter(value))
        return refuse(400, ErrorCode::MalformedRequest, "The header " + name + " holds a control character.");
    if (!readFraming(name, value))
        return false;
    m_request.headers.emplace_back(std::move(name), value);
    return true;
}

bool RequestParser::readFraming(std::string_view name, std::string_view value) {
    if (name == "content-length") {
        if (m_length >= 0)
            return refuse(400, ErrorCode::MalformedRequest, "Content-Length is given twice.");
        if (!isDigits(value) || value.size() > 15)
            return refuse(400, ErrorCode::MalformedRequest, "Content-Length is not a number of up to 15 digits.");
        std::from_chars(value.data(), value.data() + value.size(), m_length);
    } else if (name == "transfer-encoding") {
        if (m_isChunked || !equalsIgnoringCase(value, "chunked"))
            return refuse(501, ErrorCode::NotImplemented, "The only Transfer-Encoding known here is chunked, once.");
        m_isChunked = true;
    } else if (name == "expect") {
        if (!equalsIgnoringCase(value, "100-continue"))
            return refuse(417, ErrorCode::MalformedRequest, "The only Expect known here is 100-continue.");
        m_continueWish = true;
    } else if (name == "host") {
        ++m_hosts;
    } else if (name == "connection") {
        return readConnection(value);
    }
    return true;
}

bool RequestParser::readConnection(std::string_view value) {
    while (!value.empty()) {
        const std::size_t comma = std::min(value.find(','), value.size());
        const std::string_view option = trimmed(value.substr(0, comma));
        if (equalsIgnoringCase(option, "close"))
            m_request.keepAlive = false;
        else if (equalsIgnoringCase(option, "keep-alive") && m_request.http10)
            m_request.keepAlive = true;
        value.remove_prefix(std::min(comma + 1, value.size()));
    }
    return true;
}

bool RequestParser::endHead() {
    if (m_hosts > 1 || (m_hosts == 0 && !m_request.http10))
        return refuse(400, ErrorCode::MalformedRequest, "A request needs exactly one Host header.");
    if (m_isChunked && m_length >= 0)
        return refuse(400, ErrorCode::MalformedRequest, "Content-Length and Transfer-Encoding exclude each other.");
    if (m_isChunked && m_request.http10)
        return refuse(400, ErrorCode::MalformedRequest, "HTTP/1.0 has no Transfer-Encoding.");
    if (m_length > m_limits.maxBodyBytes)
        return refuse(413, ErrorCode::PayloadTooLarge,
                      "The body of " + std::to_string(m_length) + " bytes is over the limit of " +
                          std::to_string(m_limits.maxBodyBytes) + " bytes.",
                      {{"limit_bytes", m_limits.maxBodyBytes}, {"content_length", m_length}});
    m_chunks.reset();
    if (m_isChunked)
        m_chunks.emplace(m_limits.maxBodyBytes);
    m_continueWish = m_continueWish && !m_request.http10 && (m_isChunked || m_length > 0) && !hasBuffered();
    m_length = std::max<std::int64_t>(m_length, 0);
    m_request.body.reserve(static_cast<std::size_t>(std::min(m_length, kFirstBodyReserve)));
    return true;
}

void RequestParser::readBody() {
    const std::string_view rest = std::string_view(m_buffer).substr(m_at);
    if (m_isChunked) {
        std::size_t consumed = 0;
        const auto progress = m_chunks->decode(rest, consumed, m_request.body);
        m_at += consumed;
        if (progress == ChunkedDecoder::Progress::Refused) {
            m_refusal = m_chunks->refusal();
            m_state = State::Refused;
        } else if (progress == ChunkedDecoder::Progress::Done) {
            m_state = State::Complete;
        }
        return;
    }
    const std::size_t missing = static_cast<std::size_t>(m_length) - m_request.body.size();
    const std::size_t take = std::min(missing, rest.size());
    m_request.body.append(rest.substr(0, take));
    m_at += take;
    if (take == missing)
        m_state = State::Complete;
}

bool RequestParser::refuse(int status, ErrorCode code, std::string message, Facts facts) {
    m_refusal = Refusal{status, {code, std::move(message), std::move(facts)}};
    m_state = State::Refused;
    m_continueWish = false; // what is refused need not come
    return false;
}

// The buffer keeps its capacity from request to request, unless a large one has swollen it.
void RequestParser::dropConsumed() {
    if (m_at == m_buffer.size())
        m_buffer.clear();
    else
        m_buffer.erase(0, m_at);
    m_scanned -= std::min(m_scanned, m_at);
    m_at = 0;
}

} // namespace mm::rest::guard
