#include "engine/dialects/oip/byte_strings.h"

namespace mm::dialects::oip {
namespace {

constexpr std::size_t kLengthBytes = 4;

} // namespace

std::optional<std::string_view> ByteStrings::next() {
    if (m_bytes.size() - m_at < kLengthBytes)
        return std::nullopt;
    std::size_t length = 0;
    for (std::size_t i = kLengthBytes; i-- > 0;)
        length = length << 8U | static_cast<unsigned char>(m_bytes[m_at + i]);
    if (m_bytes.size() - m_at - kLengthBytes < length)
        return std::nullopt;
    const std::string_view element = m_bytes.substr(m_at + kLengthBytes, length);
    m_at += kLengthBytes + length;
    return element;
}

void appendByteString(std::string& out, std::string_view element) {
    for (std::size_t i = 0; i < kLengthBytes; ++i)
        out.push_back(static_cast<char>(element.size() >> (8 * i) & 0xFFU));
    out.append(element);
}

} // namespace mm::dialects::oip
