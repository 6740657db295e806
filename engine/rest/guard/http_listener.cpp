#include "engine/rest/guard/http_listener.h"

#include "engine/base/ids.h"
#include "engine/base/log.h"
#include "engine/rest/guard/answer_head.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

namespace mm::rest::guard {
namespace {

constexpr int kBacklog = 512;
constexpr int kTickMs = 250;

} // namespace

HttpListener::HttpListener(const GuardLimits& limits, ListenerEvents events)
    : m_limits(limits), m_events(std::move(events)) {
    setListenBacklogSize(kBacklog);
    setMaxPendingConnections(kBacklog);
    connect(&m_timer, &QTimer::timeout, this, [this] { tick(); });
    m_timer.setInterval(kTickMs);
}

HttpListener::~HttpListener() {
    qDeleteAll(std::exchange(m_connections, {})); // before the members that they use
}

void HttpListener::incomingConnection(qintptr descriptor) {
    std::unique_ptr<QTcpSocket> wire(m_tls ? new QSslSocket : new QTcpSocket);
    if (!wire->setSocketDescriptor(descriptor)) {
        ::close(static_cast<int>(descriptor));
        return;
    }
    const QHostAddress peer = wire->peerAddress();
    if (m_connections.size() >= m_limits.maxConnections)
        return turnAway(*wire, {ErrorCode::ServiceUnavailable,
                                "Too many connections are open. Try again shortly.",
                                {{"limit_connections", std::int64_t{m_limits.maxConnections}}}});
    if (m_perAddress.value(peer) >= m_limits.maxConnectionsPerAddress)
        return turnAway(*wire, {ErrorCode::ServiceUnavailable,
                                "Too many connections are open from this address. Close some, or use them again.",
                                {{"limit_connections_per_address", std::int64_t{m_limits.maxConnectionsPerAddress}}}});
    wire->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    if (auto* tls = qobject_cast<QSslSocket*>(wire.get()))
        tls->setSslConfiguration(m_tls->configuration(HttpConnection::nowMs()));
    const quint64 ticket = ++m_lastTicket;
    m_connections.insert(ticket, new HttpConnection(std::move(wire), ticket, m_limits, *this));
    ++m_perAddress[peer];
    if (!m_timer.isActive())
        m_timer.start();
}

void HttpListener::turnAway(QTcpSocket& wire, Error error) {
    if (m_tls)
        return; // not worth a handshake
    const std::string traceId = newUuid();
    Answer answer = m_events.refusal(error, {}, traceId);
    answer.headers.emplace_back("Retry-After", "1");
    answer.headers.emplace_back("X-Request-Id", traceId);
    const std::string text =
        answerHead(answer, {.keepAlive = false}, BodyFraming::Length, answer.body.size()) + answer.body;
    const int descriptor = static_cast<int>(wire.socketDescriptor());
    // One try: whoever is turned away costs nothing more.
    if (::send(descriptor, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        log::debug("a connection over the limit was closed without a word",
                   {{"peer", wire.peerAddress().toString().toStdString()}});
    ::shutdown(descriptor, SHUT_WR);
}

void HttpListener::requestCame(HttpConnection& connection, HttpRequest request) {
    m_events.requestCame(connection, std::move(request));
}

void HttpListener::connectionEnded(HttpConnection& connection) {
    m_connections.remove(connection.ticket());
    const auto peer = m_perAddress.find(connection.peerAddress());
    if (peer != m_perAddress.end() && --*peer <= 0)
        m_perAddress.erase(peer);
    if (m_connections.isEmpty())
        m_timer.stop();
    connection.deleteLater(); // it may be in the middle of something
}

void HttpListener::tick() {
    const qint64 now = HttpConnection::nowMs();
    const QList<quint64> tickets = m_connections.keys(); // a tick may end sockets
    for (const quint64 ticket : tickets)
        if (HttpConnection* connection = connectionOf(ticket))
            connection->tick(now);
}

void HttpListener::endSoon() {
    m_endSoon = true;
    close();
    const QList<quint64> tickets = m_connections.keys();
    for (const quint64 ticket : tickets)
        if (HttpConnection* connection = connectionOf(ticket))
            connection->endSoon();
    exchangeEnded();
}

bool HttpListener::isQuiet() const {
    return std::none_of(m_connections.begin(), m_connections.end(),
                        [](const HttpConnection* connection) { return connection->isBusy(); });
}

void HttpListener::breakOffPieces() {
    const QList<quint64> tickets = m_connections.keys();
    for (const quint64 ticket : tickets)
        if (HttpConnection* connection = connectionOf(ticket))
            connection->breakOff();
}

void HttpListener::flushAll() {
    for (HttpConnection* connection : m_connections)
        connection->flushWire();
}

void HttpListener::exchangeEnded() {
    if (m_endSoon && isQuiet())
        m_events.quiet();
}

Answer HttpListener::refusal(const Error& error, const HttpRequest& request, const std::string& traceId) {
    return m_events.refusal(error, request, traceId);
}

} // namespace mm::rest::guard
