// The elements of a BYTES tensor as the binary extension has them: each behind its length in four little-endian bytes.
// Pure, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mm::dialects::oip {

// Goes through them in one pass, without a copy.
class ByteStrings {
public:
    explicit ByteStrings(std::string_view bytes) : m_bytes(bytes) {}

    // Nothing at the end, and where an element is cut off.
    std::optional<std::string_view> next();
    [[nodiscard]] bool atEnd() const { return m_at == m_bytes.size(); }
    [[nodiscard]] std::size_t offset() const { return m_at; }

private:
    std::string_view m_bytes;
    std::size_t m_at = 0;
};

void appendByteString(std::string& out, std::string_view element);

} // namespace mm::dialects::oip
