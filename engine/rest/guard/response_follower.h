// Reads along while the HTTP server writes a response, to know where its head ends and when all of it is out: framing
// by Content-Length, chunks, or the end of the connection. Trusts what it reads: it comes from us. Pure, one owner.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mm::rest::guard {

class ResponseFollower {
public:
    void begin(bool headOnly); // a HEAD request's response ends with its head, whatever it announces

    struct Seen {
        std::string_view head; // set once, when the head is complete: without its final blank line
        std::string_view body; // what of the given bytes belongs to the body, framing included
        bool isDone = false;
    };
    // The views live until the next call; bytes after the end of the response are dropped.
    Seen feed(std::string_view bytes);

    [[nodiscard]] bool hasBegun() const { return !m_head.empty(); }
    [[nodiscard]] bool endsWithConnection() const { return m_framing == Framing::UntilClose; }

private:
    enum class Framing { Length, Chunked, UntilClose };

    void readHead(std::string_view head);
    std::size_t followChunks(std::string_view bytes);

    std::string m_head;
    bool m_isHeadDone = false;
    bool m_headOnly = false;
    bool m_isDone = false;
    Framing m_framing = Framing::UntilClose;
    std::int64_t m_left = 0;
    std::string m_line;
    bool m_isLastChunk = false;
};

} // namespace mm::rest::guard
