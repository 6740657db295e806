#include "engine/ipc/frame.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace mm::ipc {
namespace {

// Large frames grow the buffer; it shrinks again once they are consumed.
constexpr std::size_t kKeepBytes = 1U << 20;

std::uint32_t readLength(const char* bytes) {
    std::uint32_t length = 0;
    for (int i = 3; i >= 0; --i)
        length = (length << 8U) | static_cast<unsigned char>(bytes[i]);
    return length;
}

} // namespace

Result<void> appendFrame(const google::protobuf::MessageLite& message, std::string& out) {
    const std::size_t size = message.ByteSizeLong();
    if (size > kMaxFrameBytes)
        return Error{ErrorCode::PayloadTooLarge,
                     "a message of " + std::to_string(size) + " bytes is over the frame limit of " +
                         std::to_string(kMaxFrameBytes) + " bytes; send fewer inputs in one request",
                     {{"bytes", static_cast<std::int64_t>(size)}}};
    const std::size_t before = out.size();
    out.resize(before + kFrameHeaderBytes + size);
    for (std::size_t i = 0; i < kFrameHeaderBytes; ++i)
        out[before + i] = static_cast<char>((size >> (8 * i)) & 0xFFU);
    message.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(out.data() + before + kFrameHeaderBytes));
    return {};
}

char* FrameReader::prepare(std::size_t bytes) {
    if (m_begin == m_end) {
        m_begin = m_end = 0;
        if (m_buffer.size() > kKeepBytes && bytes <= kKeepBytes)
            m_buffer = {};
    }
    if (m_buffer.size() - m_end < bytes && m_begin > 0) {
        std::memmove(m_buffer.data(), m_buffer.data() + m_begin, m_end - m_begin);
        m_end -= m_begin;
        m_begin = 0;
    }
    if (m_buffer.size() - m_end < bytes)
        m_buffer.resize(std::max(m_end + bytes, m_buffer.size() * 2));
    return m_buffer.data() + m_end;
}

void FrameReader::commit(std::size_t bytes) {
    m_end += bytes;
}

void FrameReader::append(std::string_view bytes) {
    std::memcpy(prepare(bytes.size()), bytes.data(), bytes.size());
    commit(bytes.size());
}

Result<std::optional<std::string_view>> FrameReader::next() {
    if (buffered() < kFrameHeaderBytes)
        return std::optional<std::string_view>{};
    const std::size_t length = readLength(m_buffer.data() + m_begin);
    if (length > m_maxFrameBytes)
        return Error{ErrorCode::WorkerMisbehaved,
                     "a frame announces " + std::to_string(length) + " bytes, over the limit of " +
                         std::to_string(m_maxFrameBytes),
                     {{"bytes", static_cast<std::int64_t>(length)}}};
    if (buffered() < kFrameHeaderBytes + length)
        return std::optional<std::string_view>{};
    const std::string_view frame(m_buffer.data() + m_begin + kFrameHeaderBytes, length);
    m_begin += kFrameHeaderBytes + length;
    return std::optional(frame);
}

} // namespace mm::ipc
