// Takes the chunked framing off a request body, in any slicing, and bounds what it may cost: total size, size lines,
// trailers. Chunk extensions and trailers are read over. Pure value; one owner.
#pragma once

#include "engine/rest/guard/http_request.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mm::rest::guard {

class ChunkedDecoder {
public:
    explicit ChunkedDecoder(std::int64_t maxBodyBytes) : m_maxBodyBytes(maxBodyBytes) {}

    enum class Progress { NeedMore, Done, Refused };
    // Appends what is decoded to `body`; `consumed` says how much of `in` was used: all, unless the body is done.
    Progress decode(std::string_view in, std::size_t& consumed, std::string& body);
    [[nodiscard]] const Refusal& refusal() const { return *m_refusal; }

private:
    enum class State { Size, Data, DataEnd, Trailer, Done };

    Progress takeLine(const std::string& body);
    Progress takeSize(std::string_view line, std::int64_t already);
    Progress refuse(int status, ErrorCode code, std::string message);

    std::int64_t m_maxBodyBytes;
    State m_state = State::Size;
    std::string m_line;
    std::int64_t m_left = 0;
    std::int64_t m_trailerBytes = 0;
    std::optional<Refusal> m_refusal;
};

} // namespace mm::rest::guard
