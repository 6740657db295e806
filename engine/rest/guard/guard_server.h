// The listening socket behind QHttpServer: makes a GuardSocket of every connection, bounds how many there are, in all
// and per address, and runs their deadlines. REST thread only.
#pragma once

#include "engine/rest/guard/guard_socket.h"

#include <QHash>
#include <QHostAddress>
#include <QTcpServer>
#include <QTimer>

#include <functional>

namespace mm::rest::guard {

struct GuardEvents {
    std::function<void(quint64 ticket)> clientLeft; // see SocketOwner
    std::function<void()> quiet;                    // after endSoon(): the last answer is out
    std::function<std::string(const Error&, const HttpRequest&, const std::string& traceId)> refusalBody;
};

class GuardServer final : public QTcpServer, private SocketOwner {
public:
    GuardServer(const GuardLimits& limits, GuardEvents events);
    ~GuardServer() override;

    [[nodiscard]] GuardSocket* socketOf(quint64 ticket) const { return m_sockets.value(ticket); }
    [[nodiscard]] qsizetype connectionCount() const { return m_sockets.size(); }

    // Accepts nothing more; every connection ends after the answer that is being made for it.
    void endSoon();
    [[nodiscard]] bool isQuiet() const;
    void flushAll(); // what can be sent without waiting is sent

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void clientLeft(quint64 ticket) override { m_events.clientLeft(ticket); }
    void exchangeEnded() override;
    std::string refusalBody(const Error& error, const HttpRequest& request, const std::string& traceId) override;
    void turnAway(QTcpSocket& wire, Error error);
    void forget(quint64 ticket, const QHostAddress& peer);
    void tick();

    const GuardLimits m_limits;
    const GuardEvents m_events;
    QHash<quint64, GuardSocket*> m_sockets;
    QHash<QHostAddress, int> m_perAddress;
    QTimer m_timer;
    quint64 m_lastTicket = 0;
    bool m_endSoon = false;
};

} // namespace mm::rest::guard
