// ResponseReader: follows one HTTP/1.1 response through the bytes of a connection, keeping only its status. Bodies must
// have a Content-Length. A value; one thread; no response is begun before the last one has ended.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mm::load {

class ResponseReader {
public:
    enum class State { Reading, Done, Broken }; // broken: not a response, or one without Content-Length

    // The bytes of one read; after Done or Broken only a reset reader takes more.
    State feed(std::string_view bytes);
    void reset();

    [[nodiscard]] int status() const { return m_status; }
    // The server closes the connection after this response.
    [[nodiscard]] bool closes() const { return m_closes; }

private:
    State readHead(std::string_view head);

    std::string m_partialHead; // only where a head came in pieces
    std::uint64_t m_bodyLeft = 0;
    int m_status = 0;
    bool m_inBody = false;
    bool m_closes = false;
};

} // namespace mm::load
