// Connection: one non-blocking keep-alive HTTP/1.1 connection with at most one request under way. Owns its socket,
// which its user watches edge-triggered. One thread. connect() fails with ServiceUnavailable.
#pragma once

#include "engine/base/result.h"
#include "tests/bench/load/response_reader.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace mm::load {

class Connection {
public:
    enum class Progress { Waiting, Answered, Lost };

    Connection() = default;
    ~Connection();
    Connection(Connection&& other) noexcept;
    Connection& operator=(Connection&&) = delete;

    // Waits until connected; a socket that was open before is closed.
    Result<void> connect(const std::string& host, int port);
    // `message` must stay until the answer is there.
    Progress send(std::string_view message);
    // To be called at every event on the socket.
    Progress proceed();

    [[nodiscard]] int descriptor() const { return m_socket; }
    [[nodiscard]] int status() const { return m_reader.status(); }
    // Why Lost was answered.
    [[nodiscard]] const std::string& problem() const { return m_problem; }
    // The server has said that it takes no further request here.
    [[nodiscard]] bool mustReconnect() const { return m_reader.closes(); }

private:
    Progress write();
    Progress read();
    Progress lost(std::string why);
    void close();

    int m_socket = -1;
    std::string_view m_unsent;
    bool m_isBusy = false;
    ResponseReader m_reader;
    std::string m_problem;
};

} // namespace mm::load
