#include "engine/rest/guard/chunked_decoder.h"

#include "engine/rest/guard/http_text.h"

#include <algorithm>
#include <charconv>

namespace mm::rest::guard {
namespace {

constexpr std::size_t kMaxLineBytes = 1024;
constexpr std::int64_t kMaxTrailerBytes = 8L * 1024;
constexpr std::size_t kMaxSizeDigits = 8;

} // namespace

ChunkedDecoder::Progress ChunkedDecoder::decode(std::string_view in, std::size_t& consumed, std::string& body) {
    consumed = 0;
    while (m_state != State::Done) {
        if (m_state == State::Data) {
            const std::size_t take = std::min<std::size_t>(static_cast<std::size_t>(m_left), in.size() - consumed);
            body.append(in.substr(consumed, take));
            consumed += take;
            m_left -= static_cast<std::int64_t>(take);
            if (m_left > 0)
                return Progress::NeedMore;
            m_state = State::DataEnd;
        }
        const std::size_t end = in.find('\n', consumed);
        const std::size_t stop = end == std::string_view::npos ? in.size() : end + 1;
        m_line.append(in.substr(consumed, stop - consumed));
        consumed = stop;
        if (m_line.size() > kMaxLineBytes)
            return refuse(400, ErrorCode::MalformedRequest, "A line of the chunked body is longer than 1024 bytes.");
        if (end == std::string_view::npos)
            return Progress::NeedMore;
        if (const Progress progress = takeLine(body); progress == Progress::Refused)
            return progress;
        m_line.clear();
    }
    return Progress::Done;
}

ChunkedDecoder::Progress ChunkedDecoder::takeLine(const std::string& body) {
    // A bare line feed is where two readers of one stream begin to disagree.
    if (m_line.size() < 2 || m_line[m_line.size() - 2] != '\r')
        return refuse(400, ErrorCode::MalformedRequest, "A line of the chunked body does not end in CR LF.");
    const std::string_view line = std::string_view(m_line).substr(0, m_line.size() - 2);
    switch (m_state) {
    case State::Size:
        return takeSize(line, static_cast<std::int64_t>(body.size()));
    case State::DataEnd:
        if (!line.empty())
            return refuse(400, ErrorCode::MalformedRequest, "A chunk is longer than its size says.");
        m_state = State::Size;
        return Progress::NeedMore;
    default:
        m_trailerBytes += static_cast<std::int64_t>(m_line.size());
        if (m_trailerBytes > kMaxTrailerBytes)
            return refuse(431, ErrorCode::MalformedRequest, "The trailers of the chunked body are over 8192 bytes.");
        if (line.empty())
            m_state = State::Done;
        return Progress::NeedMore;
    }
}

ChunkedDecoder::Progress ChunkedDecoder::takeSize(std::string_view line, std::int64_t already) {
    const std::string_view digits = trimmed(line.substr(0, line.find(';')));
    std::int64_t size = -1;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
    if (digits.empty() || digits.size() > kMaxSizeDigits || digits.front() == '-' || failure != std::errc() ||
        end != digits.data() + digits.size())
        return refuse(400, ErrorCode::MalformedRequest, "A chunk size is not a hexadecimal number of up to 8 digits.");
    if (already + size > m_maxBodyBytes) {
        refuse(413, ErrorCode::PayloadTooLarge,
               "The body is over the limit of " + std::to_string(m_maxBodyBytes) + " bytes.");
        m_refusal->error.facts = {{"limit_bytes", m_maxBodyBytes}};
        return Progress::Refused;
    }
    m_left = size;
    m_state = size == 0 ? State::Trailer : State::Data;
    return Progress::NeedMore;
}

ChunkedDecoder::Progress ChunkedDecoder::refuse(int status, ErrorCode code, std::string message) {
    m_refusal = Refusal{status, {code, std::move(message)}};
    return Progress::Refused;
}

} // namespace mm::rest::guard
