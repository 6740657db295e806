// The listening socket: makes an HttpConnection of every connection, bounds how many there are, in all and per address,
// and runs their deadlines. REST thread only.
#pragma once

#include "engine/rest/guard/http_connection.h"
#include "engine/rest/guard/tls_context.h"

#include <QHash>
#include <QHostAddress>
#include <QTcpServer>
#include <QTimer>

#include <functional>
#include <memory>

namespace mm::rest::guard {

// See ConnectionOwner.
struct ListenerEvents {
    std::function<void(HttpConnection&, HttpRequest)> requestCame;
    std::function<void(quint64 ticket)> clientLeft;
    std::function<void(quint64 ticket)> answerOverdue;
    std::function<void(quint64 ticket)> answerWritten;
    std::function<void()> quiet; // after endSoon(): the last answer is out
    std::function<Answer(const Error&, const HttpRequest&, const std::string& traceId)> refusal;
};

class HttpListener final : public QTcpServer, private ConnectionOwner {
public:
    HttpListener(const GuardLimits& limits, ListenerEvents events);
    ~HttpListener() override;
    // From now on every connection speaks TLS.
    void setTls(std::unique_ptr<TlsContext> tls) { m_tls = std::move(tls); }

    [[nodiscard]] HttpConnection* connectionOf(quint64 ticket) const { return m_connections.value(ticket); }

    // Accepts nothing more; every connection ends after the answer that is being made for it.
    void endSoon();
    [[nodiscard]] bool isQuiet() const;
    void breakOffPieces(); // answers in pieces that are not finished
    void flushAll();       // what can be sent without waiting is sent

protected:
    void incomingConnection(qintptr descriptor) override;

private:
    void requestCame(HttpConnection& connection, HttpRequest request) override;
    void clientLeft(HttpConnection& connection) override { m_events.clientLeft(connection.ticket()); }
    void answerOverdue(HttpConnection& connection) override { m_events.answerOverdue(connection.ticket()); }
    void answerWritten(HttpConnection& connection) override { m_events.answerWritten(connection.ticket()); }
    void exchangeEnded() override;
    void connectionEnded(HttpConnection& connection) override;
    Answer refusal(const Error& error, const HttpRequest& request, const std::string& traceId) override;
    void turnAway(QTcpSocket& wire, Error error);
    void tick();

    const GuardLimits m_limits;
    const ListenerEvents m_events;
    QHash<quint64, HttpConnection*> m_connections;
    QHash<QHostAddress, int> m_perAddress;
    std::unique_ptr<TlsContext> m_tls; // none: in the clear
    QTimer m_timer;
    quint64 m_lastTicket = 0;
    bool m_endSoon = false;
};

} // namespace mm::rest::guard
