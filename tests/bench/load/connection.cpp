#include "tests/bench/load/connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace mm::load {

Connection::~Connection() {
    close();
}

Connection::Connection(Connection&& other) noexcept
    : m_socket(std::exchange(other.m_socket, -1))
    , m_unsent(other.m_unsent)
    , m_isBusy(other.m_isBusy)
    , m_reader(std::move(other.m_reader))
    , m_problem(std::move(other.m_problem)) {}

void Connection::close() {
    if (m_socket >= 0)
        ::close(m_socket);
    m_socket = -1;
}

Result<void> Connection::connect(const std::string& host, int port) {
    close();
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
        return Error{ErrorCode::InvalidConfiguration, "\"" + host + "\" is not a numeric IPv4 address"};
    m_socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (m_socket < 0 || ::connect(m_socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        const std::string why = std::strerror(errno);
        close();
        return Error{ErrorCode::ServiceUnavailable,
                     "no connection to " + host + ":" + std::to_string(port) + ": " + why};
    }
    const int on = 1;
    ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(m_socket, F_SETFL, O_NONBLOCK);
    m_isBusy = false;
    m_unsent = {};
    m_reader.reset();
    return {};
}

Connection::Progress Connection::send(std::string_view message) {
    m_unsent = message;
    m_isBusy = true;
    m_reader.reset();
    return write();
}

Connection::Progress Connection::proceed() {
    if (!m_unsent.empty() && write() == Progress::Lost)
        return Progress::Lost;
    return read();
}

Connection::Progress Connection::write() {
    while (!m_unsent.empty()) {
        const ssize_t count = ::send(m_socket, m_unsent.data(), m_unsent.size(), MSG_NOSIGNAL);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno == EAGAIN)
            break; // its event comes when there is room
        if (count < 0)
            return lost(std::strerror(errno));
        m_unsent.remove_prefix(static_cast<std::size_t>(count));
    }
    return Progress::Waiting;
}

Connection::Progress Connection::read() {
    static thread_local std::array<char, 1 << 17> buffer;
    for (;;) {
        const ssize_t count = ::recv(m_socket, buffer.data(), buffer.size(), 0);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && errno == EAGAIN)
            return Progress::Waiting;
        if (count < 0)
            return lost(std::strerror(errno));
        if (count == 0)
            return lost(m_isBusy ? "the server closed the connection instead of answering"
                                 : "the server closed the idle connection");
        if (!m_isBusy)
            return lost("the server sent an answer that nobody asked for");
        switch (m_reader.feed({buffer.data(), static_cast<std::size_t>(count)})) {
        case ResponseReader::State::Done:
            m_isBusy = false;
            return Progress::Answered; // nothing more can be there: nothing more was asked
        case ResponseReader::State::Broken:
            return lost("the server's answer is not one complete HTTP/1.1 response with a Content-Length");
        case ResponseReader::State::Reading:
            break;
        }
        if (static_cast<std::size_t>(count) < buffer.size())
            return Progress::Waiting; // drained: the next bytes are an event of their own
    }
}

Connection::Progress Connection::lost(std::string why) {
    m_problem = std::move(why);
    return Progress::Lost;
}

} // namespace mm::load
