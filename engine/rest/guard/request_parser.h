// The strict request reader: bytes in any slicing in, one complete request at a time out, or a refusal with its reason.
// Strict wherever laxness would let two readers of one stream disagree about where a request ends. Knows no socket.
// One owner, one thread; a refusal is final.
#pragma once

#include "engine/rest/guard/chunked_decoder.h"
#include "engine/rest/guard/guard_limits.h"
#include "engine/rest/guard/http_request.h"

#include <optional>
#include <string>
#include <string_view>

namespace mm::rest::guard {

class RequestParser {
public:
    explicit RequestParser(const RequestLimits& limits) : m_limits(limits) {}

    enum class State { Idle, Head, Body, Complete, Refused };

    // Adds bytes and reads as far as it can. What follows a complete request stays buffered for the next one.
    State feed(std::string_view bytes);
    [[nodiscard]] State state() const { return m_state; }

    // In Complete: the request; the parser is Idle afterwards, and feed({}) goes on with what is buffered.
    HttpRequest take();
    [[nodiscard]] const Refusal& refusal() const { return *m_refusal; }
    // The request as far as it was understood, for the shape of a refusal.
    [[nodiscard]] const HttpRequest& partial() const { return m_request; }

    // True once per request that waits for "100 Continue" before it sends its body.
    bool takeContinueWish();
    [[nodiscard]] std::int64_t bodyBytes() const { return static_cast<std::int64_t>(m_request.body.size()); }
    [[nodiscard]] bool hasBuffered() const { return m_at < m_buffer.size(); }

private:
    void skipBlankLines();
    void readHead();
    bool readRequestLine(std::string_view line);
    bool readTarget(std::string_view target);
    bool readHeaderLine(std::string_view line);
    bool readFraming(std::string_view name, std::string_view value);
    bool readConnection(std::string_view value);
    bool endHead();
    void readBody();
    bool refuse(int status, ErrorCode code, std::string message, Facts facts = {});
    void dropConsumed();

    RequestLimits m_limits;
    State m_state = State::Idle;
    std::string m_buffer;
    std::size_t m_at = 0;      // first byte not consumed
    std::size_t m_scanned = 0; // no end of head before here
    HttpRequest m_request;
    int m_hosts = 0;
    std::int64_t m_length = -1;
    bool m_continueWish = false;
    bool m_isChunked = false;
    std::optional<ChunkedDecoder> m_chunks;
    std::optional<Refusal> m_refusal;
};

} // namespace mm::rest::guard
