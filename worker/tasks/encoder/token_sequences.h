// The token sequences of one request, end to end. Plain value, one owner at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mm::worker {

class TokenSequences {
public:
    // typeIds: as many as ids, or empty where all are 0.
    void append(std::span<const std::int32_t> ids, std::span<const std::int32_t> typeIds) {
        if (!typeIds.empty())
            m_typeIds.resize(m_tokens.size());
        m_tokens.insert(m_tokens.end(), ids.begin(), ids.end());
        m_typeIds.insert(m_typeIds.end(), typeIds.begin(), typeIds.end());
        if (!m_typeIds.empty())
            m_typeIds.resize(m_tokens.size());
        m_offsets.push_back(m_tokens.size());
    }

    [[nodiscard]] std::size_t count() const { return m_offsets.size() - 1; }
    [[nodiscard]] std::size_t tokenCount() const { return m_tokens.size(); }
    [[nodiscard]] std::size_t length(std::size_t place) const { return m_offsets[place + 1] - m_offsets[place]; }
    [[nodiscard]] std::span<const std::int32_t> tokens(std::size_t place) const {
        return std::span(m_tokens).subspan(m_offsets[place], length(place));
    }
    // Empty where those of all sequences are 0.
    [[nodiscard]] std::span<const std::int32_t> typeIds(std::size_t place) const {
        return m_typeIds.empty() ? std::span<const std::int32_t>{}
                                 : std::span(m_typeIds).subspan(m_offsets[place], length(place));
    }
    [[nodiscard]] std::size_t bytes() const {
        return (m_tokens.capacity() + m_typeIds.capacity()) * sizeof(std::int32_t) +
               m_offsets.capacity() * sizeof(std::size_t);
    }

private:
    std::vector<std::int32_t> m_tokens;
    std::vector<std::int32_t> m_typeIds;
    std::vector<std::size_t> m_offsets{0};
};

} // namespace mm::worker
