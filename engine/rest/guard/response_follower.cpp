#include "engine/rest/guard/response_follower.h"

#include "engine/rest/guard/http_text.h"

#include <algorithm>
#include <charconv>

namespace mm::rest::guard {

void ResponseFollower::begin(bool headOnly) {
    m_head.clear();
    m_line.clear();
    m_isHeadDone = m_isDone = m_isLastChunk = false;
    m_headOnly = headOnly;
    m_framing = Framing::UntilClose;
    m_left = 0;
}

ResponseFollower::Seen ResponseFollower::feed(std::string_view bytes) {
    Seen seen;
    if (m_isDone)
        return seen;
    if (!m_isHeadDone) {
        const std::size_t before = m_head.size();
        m_head.append(bytes);
        const std::size_t end = m_head.find("\r\n\r\n", before > 3 ? before - 3 : 0);
        if (end == std::string::npos)
            return seen;
        m_isHeadDone = true;
        seen.head = std::string_view(m_head).substr(0, end);
        readHead(seen.head);
        bytes.remove_prefix(end + 4 - before);
    }
    std::size_t take = 0;
    if (m_headOnly || (m_framing == Framing::Length && m_left == 0)) {
        m_isDone = true;
    } else if (m_framing == Framing::Length) {
        take = std::min<std::size_t>(bytes.size(), static_cast<std::size_t>(m_left));
        m_left -= static_cast<std::int64_t>(take);
        m_isDone = m_left == 0;
    } else {
        take = m_framing == Framing::Chunked ? followChunks(bytes) : bytes.size();
    }
    seen.body = bytes.substr(0, take);
    seen.isDone = m_isDone;
    return seen;
}

void ResponseFollower::readHead(std::string_view head) {
    int status = 0;
    if (head.size() >= 12)
        std::from_chars(head.data() + 9, head.data() + 12, status);
    if (status == 204 || status == 304)
        m_framing = Framing::Length;
    std::size_t lineEnd = head.find("\r\n");
    while (lineEnd != std::string_view::npos) {
        const std::size_t lineBegin = lineEnd + 2;
        lineEnd = head.find("\r\n", lineBegin);
        const std::string_view line = head.substr(lineBegin, lineEnd - lineBegin);
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos)
            continue;
        const std::string_view value = trimmed(line.substr(colon + 1));
        if (equalsIgnoringCase(line.substr(0, colon), "content-length")) {
            std::from_chars(value.data(), value.data() + value.size(), m_left);
            m_framing = Framing::Length;
        } else if (equalsIgnoringCase(line.substr(0, colon), "transfer-encoding")) {
            m_framing = Framing::Chunked;
        }
    }
}

// Payload bytes are skipped, not searched. Returns how many of the bytes belong to the response.
std::size_t ResponseFollower::followChunks(std::string_view bytes) {
    std::size_t at = 0;
    while (at < bytes.size() && !m_isDone) {
        if (m_left > 0) {
            const std::size_t skip = std::min<std::size_t>(static_cast<std::size_t>(m_left), bytes.size() - at);
            m_left -= static_cast<std::int64_t>(skip);
            at += skip;
            continue;
        }
        const char c = bytes[at++];
        if (c != '\n') {
            if (c != '\r')
                m_line += c;
            continue;
        }
        if (m_line.empty()) {
            m_isDone = m_isLastChunk;
        } else if (!m_isLastChunk) {
            std::from_chars(m_line.data(), m_line.data() + m_line.size(), m_left, 16);
            m_isLastChunk = m_left == 0;
        }
        m_line.clear();
    }
    return at;
}

} // namespace mm::rest::guard
