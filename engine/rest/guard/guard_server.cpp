#include "engine/rest/guard/guard_server.h"

#include "engine/base/ids.h"
#include "engine/base/log.h"
#include "engine/rest/guard/reason_phrase.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

namespace mm::rest::guard {
namespace {

constexpr int kBacklog = 512;
constexpr int kTickMs = 250;

} // namespace

GuardServer::GuardServer(const GuardLimits& limits, GuardEvents events)
    : m_limits(limits), m_events(std::move(events)) {
    setListenBacklogSize(kBacklog);
    setMaxPendingConnections(kBacklog);
    connect(&m_timer, &QTimer::timeout, this, [this] { tick(); });
    m_timer.setInterval(kTickMs);
}

GuardServer::~GuardServer() {
    // The sockets outlive this object's members otherwise: they are QObject children.
    const auto sockets = m_sockets;
    m_sockets.clear();
    for (GuardSocket* socket : sockets) {
        socket->disconnect(this);
        delete socket;
    }
}

void GuardServer::incomingConnection(qintptr descriptor) {
    auto wire = std::make_unique<QTcpSocket>();
    if (!wire->setSocketDescriptor(descriptor)) {
        ::close(static_cast<int>(descriptor));
        return;
    }
    const QHostAddress peer = wire->peerAddress();
    if (m_sockets.size() >= m_limits.maxConnections)
        return turnAway(*wire, {ErrorCode::ServiceUnavailable,
                                "Too many connections are open. Try again shortly.",
                                {{"limit_connections", std::int64_t{m_limits.maxConnections}}}});
    if (m_perAddress.value(peer) >= m_limits.maxConnectionsPerAddress)
        return turnAway(*wire, {ErrorCode::ServiceUnavailable,
                                "Too many connections are open from this address. Close some, or use them again.",
                                {{"limit_connections_per_address", std::int64_t{m_limits.maxConnectionsPerAddress}}}});
    wire->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    const quint64 ticket = ++m_lastTicket;
    auto* socket = new GuardSocket(wire.release(), ticket, m_limits, *this);
    socket->setParent(this);
    m_sockets.insert(ticket, socket);
    ++m_perAddress[peer];
    connect(socket, &QObject::destroyed, this, [this, ticket, peer] { forget(ticket, peer); });
    if (!m_timer.isActive())
        m_timer.start();
    addPendingConnection(socket);
}

void GuardServer::turnAway(QTcpSocket& wire, Error error) {
    const std::string traceId = newUuid();
    const std::string body = m_events.refusalBody(error, {}, traceId);
    const std::string answer =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: 1\r\n"
        "X-Request-Id: " +
        traceId + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
    const int descriptor = static_cast<int>(wire.socketDescriptor());
    // One try: whoever is turned away costs nothing more.
    if (::send(descriptor, answer.data(), answer.size(), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
        log::debug("a connection over the limit was closed without a word",
                   {{"peer", wire.peerAddress().toString().toStdString()}});
    ::shutdown(descriptor, SHUT_WR);
}

void GuardServer::forget(quint64 ticket, const QHostAddress& peer) {
    m_sockets.remove(ticket);
    if (--m_perAddress[peer] <= 0)
        m_perAddress.remove(peer);
    if (m_sockets.isEmpty())
        m_timer.stop();
}

void GuardServer::tick() {
    const qint64 now = GuardSocket::nowMs();
    const QList<quint64> tickets = m_sockets.keys(); // a tick may end sockets
    for (const quint64 ticket : tickets)
        if (GuardSocket* socket = m_sockets.value(ticket))
            socket->tick(now);
}

void GuardServer::endSoon() {
    m_endSoon = true;
    close();
    const QList<GuardSocket*> sockets = m_sockets.values();
    for (GuardSocket* socket : sockets)
        socket->endSoon();
    exchangeEnded();
}

bool GuardServer::isQuiet() const {
    return std::none_of(m_sockets.begin(), m_sockets.end(), [](const GuardSocket* socket) { return socket->isBusy(); });
}

void GuardServer::flushAll() {
    const QList<GuardSocket*> sockets = m_sockets.values();
    for (GuardSocket* socket : sockets)
        socket->flushWire();
}

void GuardServer::exchangeEnded() {
    if (m_endSoon && isQuiet())
        m_events.quiet();
}

std::string GuardServer::refusalBody(const Error& error, const HttpRequest& request, const std::string& traceId) {
    return m_events.refusalBody(error, request, traceId);
}

} // namespace mm::rest::guard
