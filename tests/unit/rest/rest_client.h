// A client on a plain socket, so that a test can send anything and see exactly what comes back. Blocking, with a
// generous limit; the server runs on threads of its own.
#pragma once

#include <QTcpSocket>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace mm::test {

struct HttpAnswer {
    int status = 0;
    std::map<std::string, std::string> headers; // names in lower case
    std::string body;
};

class RestClient {
public:
    explicit RestClient(quint16 port);
    // Over a socket that is connected already.
    explicit RestClient(std::unique_ptr<QTcpSocket> socket);
    [[nodiscard]] bool isConnected() const { return m_connected; }

    void send(std::string_view bytes);

    // The next answer; nothing when the connection ends before it is whole. `headOnly` for answers to HEAD, and for
    // those whose chunks the test reads itself.
    std::optional<HttpAnswer> answer(bool headOnly = false);
    std::optional<HttpAnswer> request(const std::string& method, const std::string& path, const std::string& body = {},
                                      const std::string& headers = {}, bool headOnly = false);
    // The next chunk of a chunked answer whose head was read; empty is the last one, nothing an end before it.
    std::optional<std::string> chunk();

    // True when the server ends the connection and has sent nothing beyond what was read.
    bool isClosedByServer();
    [[nodiscard]] const std::string& unread() const { return m_in; }
    void leave();

private:
    std::optional<HttpAnswer> withChunks(HttpAnswer result);
    bool readMore();

    std::unique_ptr<QTcpSocket> m_owned; // so that a client can be returned
    QTcpSocket& m_socket;
    bool m_connected = false;
    std::string m_in;
};

// A client on a plain descriptor, which takes nothing of its answer by itself, as a Qt socket would.
class SilentClient {
public:
    SilentClient(quint16 port, const std::string& request);
    ~SilentClient();
    SilentClient(const SilentClient&) = delete;
    SilentClient& operator=(const SilentClient&) = delete;

    void readAtLeast(std::size_t bytes) const;
    // True when the other side breaks off.
    [[nodiscard]] bool waitForReset() const;

private:
    int m_wire;
};

} // namespace mm::test
