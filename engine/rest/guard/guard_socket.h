// One connection, between the wire and QHttpServer: a QTcpSocket without a descriptor of its own that owns the real
// one. It reads and checks requests itself and shows QHttpServer only a carrier, "a request with this ticket has come":
// what the request says is decided by one parser, and takeRequest() hands it over. It follows the response to its end,
// so it knows when the exchange is over, and tells its owner at once when the client leaves before that. REST thread
// only.
#pragma once

#include "engine/rest/guard/guard_limits.h"
#include "engine/rest/guard/request_parser.h"
#include "engine/rest/guard/response_follower.h"

#include <QByteArray>
#include <QTcpSocket>

#include <optional>

namespace mm::rest::guard {

// What a GuardSocket needs from outside; outlives it.
class SocketOwner {
public:
    virtual ~SocketOwner() = default;
    // The answer that is being made for this ticket will reach nobody. Whoever holds the responder drops it in this
    // call.
    virtual void clientLeft(quint64 ticket) = 0;
    virtual void exchangeEnded() = 0;
    // The JSON text of a refusal, in the shape that suits the request's path.
    virtual std::string refusalBody(const Error& error, const HttpRequest& request, const std::string& traceId) = 0;
};

class GuardSocket final : public QTcpSocket {
public:
    // Takes over `wire`, which is connected.
    GuardSocket(QTcpSocket* wire, quint64 ticket, const GuardLimits& limits, SocketOwner& owner);

    ~GuardSocket() override { setSocketState(UnconnectedState); } // there is no engine below to be closed

    [[nodiscard]] quint64 ticket() const { return m_ticket; }
    // The request behind the ticket; once.
    std::optional<HttpRequest> takeRequest();

    // Deadlines; called by the server's one timer.
    void tick(qint64 nowMs);
    // Takes no further request: closes now, or after the answer that is being made.
    void endSoon();
    // An answer is being made, or is not out yet.
    [[nodiscard]] bool isBusy() const;

    [[nodiscard]] qint64 bytesAvailable() const override;
    [[nodiscard]] qint64 bytesToWrite() const override { return m_wire->bytesToWrite(); }
    void disconnectFromHost() override { closeWire(); }
    void close() override { closeWire(); }

    void flushWire() { m_wire->flush(); }

    static qint64 nowMs();

protected:
    qint64 readData(char* data, qint64 max) override;
    qint64 writeData(const char* data, qint64 size) override;

private:
    enum class State { Reading, Answering, Closing, Ended };

    void readWire();
    [[nodiscard]] bool hasInput() const { return m_parser.hasBuffered() || m_wire->bytesAvailable() > 0; }
    void deliver();
    void responseBytes(std::string_view bytes);
    void responseDone();
    void refuse(const Refusal& refusal);
    void closeWire();
    void halfClose();
    void resetWire();
    void wireWritten();
    void wireGone();
    void arm(qint64 milliseconds) { m_deadline = nowMs() + milliseconds; }
    void deadlinePassed();

    QTcpSocket* m_wire;
    const quint64 m_ticket;
    const GuardLimits& m_limits;
    SocketOwner& m_owner;
    State m_state = State::Reading;
    RequestParser m_parser;
    ResponseFollower m_follower;
    std::optional<HttpRequest> m_request;
    bool m_keepAlive = true;
    bool m_http10 = false;
    bool m_endSoon = false;
    bool m_isHalfClosed = false;
    const QByteArray m_carrier;
    qsizetype m_carrierAt;
    qint64 m_deadline = 0;
    qint64 m_bodyBegan = 0;
    qint64 m_lastUnsent = 0;
    qint64 m_stallDeadline = 0;
};

} // namespace mm::rest::guard
