#include "tests/unit/rest/rest_client.h"

#include <QHostAddress>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mm::test {
namespace {

constexpr int kPatienceMs = 15000;

HttpAnswer parseHead(const std::string& head) {
    HttpAnswer result;
    result.status = head.size() > 12 ? std::stoi(head.substr(9, 3)) : 0;
    for (std::size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at + 2)) {
        const std::string line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        const std::size_t colon = line.find(':');
        std::string name = line.substr(0, colon);
        for (char& c : name)
            c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        result.headers[name] = line.substr(line.find_first_not_of(' ', colon + 1));
    }
    return result;
}

} // namespace

RestClient::RestClient(quint16 port) : m_owned(std::make_unique<QTcpSocket>()), m_socket(*m_owned) {
    m_socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    m_connected = m_socket.waitForConnected(kPatienceMs);
}

RestClient::RestClient(std::unique_ptr<QTcpSocket> socket)
    : m_owned(std::move(socket)), m_socket(*m_owned), m_connected(true) {}

void RestClient::send(std::string_view bytes) {
    m_socket.write(bytes.data(), static_cast<qint64>(bytes.size()));
    while (m_socket.bytesToWrite() > 0 && m_socket.waitForBytesWritten(kPatienceMs)) {
    }
}

std::optional<HttpAnswer> RestClient::answer(bool headOnly) {
    std::size_t end = std::string::npos;
    while ((end = m_in.find("\r\n\r\n")) == std::string::npos)
        if (!readMore())
            return std::nullopt;
    HttpAnswer result = parseHead(m_in.substr(0, end));
    m_in.erase(0, end + 4);
    if (result.status == 100)
        return result;
    if (const auto coding = result.headers.find("transfer-encoding");
        !headOnly && coding != result.headers.end() && coding->second == "chunked")
        return withChunks(std::move(result));
    const auto length = result.headers.find("content-length");
    const std::size_t size = headOnly || length == result.headers.end() ? 0 : std::stoul(length->second);
    while (m_in.size() < size)
        if (!readMore())
            return std::nullopt;
    result.body = m_in.substr(0, size);
    m_in.erase(0, size);
    return result;
}

std::optional<HttpAnswer> RestClient::request(const std::string& method, const std::string& path,
                                              const std::string& body, const std::string& headers, bool headOnly) {
    std::string text = method + ' ' + path + " HTTP/1.1\r\nHost: test\r\n" + headers;
    if (!body.empty())
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    if (!body.empty() && headers.find("Content-Type") == std::string::npos)
        text += "Content-Type: application/json\r\n";
    send(text + "\r\n" + body);
    return answer(headOnly || method == "HEAD");
}

std::optional<std::string> RestClient::chunk() {
    std::size_t end = std::string::npos;
    while ((end = m_in.find("\r\n")) == std::string::npos)
        if (!readMore())
            return std::nullopt;
    const std::size_t size = std::stoul(m_in.substr(0, end), nullptr, 16);
    while (m_in.size() < end + 2 + size + 2)
        if (!readMore())
            return std::nullopt;
    std::string result = m_in.substr(end + 2, size);
    m_in.erase(0, end + 2 + size + 2);
    return result;
}

bool RestClient::isClosedByServer() {
    while (readMore()) {
    }
    return m_in.empty() && m_socket.state() == QAbstractSocket::UnconnectedState;
}

std::optional<HttpAnswer> RestClient::withChunks(HttpAnswer result) {
    while (const auto piece = chunk()) {
        if (piece->empty())
            return result;
        result.body += *piece;
    }
    return std::nullopt;
}

bool RestClient::readMore() {
    if (m_socket.bytesAvailable() == 0 && !m_socket.waitForReadyRead(kPatienceMs))
        return false;
    const QByteArray bytes = m_socket.readAll();
    m_in.append(bytes.constData(), static_cast<std::size_t>(bytes.size()));
    return !bytes.isEmpty();
}

void RestClient::leave() {
    m_socket.abort();
}

SilentClient::SilentClient(quint16 port, const std::string& request)
    : m_wire(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(m_wire, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::send(m_wire, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
        qFatal("the server does not take a request");
}

SilentClient::~SilentClient() {
    ::close(m_wire);
}

void SilentClient::readAtLeast(std::size_t bytes) const {
    std::string buffer(1 << 20, '\0');
    for (std::size_t had = 0; had < bytes;) {
        const ssize_t size = ::recv(m_wire, buffer.data(), buffer.size(), 0);
        if (size <= 0)
            return;
        had += static_cast<std::size_t>(size);
    }
}

bool SilentClient::waitForReset() const {
    pollfd reset{m_wire, 0, 0};
    return ::poll(&reset, 1, 15000) == 1 && (reset.revents & (POLLHUP | POLLERR)) != 0;
}

} // namespace mm::test
