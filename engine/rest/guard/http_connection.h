// One connection of HTTP/1.1: reads and checks requests, hands over one complete request at a time, writes its answer,
// whole or in pieces, and only then goes on to the next. It knows when an exchange is over, and tells its owner at once
// when the client leaves before that. REST thread only.
#pragma once

#include "engine/rest/answer.h"
#include "engine/rest/guard/answer_head.h"
#include "engine/rest/guard/guard_limits.h"
#include "engine/rest/guard/piece_queue.h"
#include "engine/rest/guard/request_parser.h"

#include <QHostAddress>
#include <QObject>
#include <QSslSocket>

#include <memory>

namespace mm::rest::guard {

class HttpConnection;

// What an HttpConnection needs from outside; outlives it.
class ConnectionOwner {
public:
    virtual ~ConnectionOwner() = default;
    virtual void requestCame(HttpConnection& connection, HttpRequest request) = 0;
    // The answer that is being made will reach nobody.
    virtual void clientLeft(HttpConnection& connection) = 0;
    // The answer has taken too long: this is the last moment to give one.
    virtual void answerOverdue(HttpConnection& connection) = 0;
    // The answer is written as far as it will ever be; whatever was kept for it can go.
    virtual void answerWritten(HttpConnection& connection) = 0;
    // Perhaps the last bytes of an answer are out.
    virtual void exchangeEnded() = 0;
    // There is no connection any more; the owner deletes it later.
    virtual void connectionEnded(HttpConnection& connection) = 0;
    // A refusal, in the shape that suits the request's path.
    virtual Answer refusal(const Error& error, const HttpRequest& request, const std::string& traceId) = 0;
};

class HttpConnection final : public QObject {
public:
    // Takes over `wire`, which is connected. A QSslSocket begins TLS when the client does.
    HttpConnection(std::unique_ptr<QTcpSocket> wire, quint64 ticket, const GuardLimits& limits, ConnectionOwner& owner);
    ~HttpConnection() override;

    [[nodiscard]] quint64 ticket() const { return m_ticket; }
    [[nodiscard]] const QHostAddress& peerAddress() const { return m_address; }

    // The answer to the request that came last. Dropped where nobody waits for one any more.
    void answer(Answer answer);
    void answerInPieces(const Answer& head, std::shared_ptr<PieceQueue> pieces);

    // Deadlines; called by the listener's one timer.
    void tick(qint64 nowMs);
    // Takes no further request: closes now, or after the answer that is being made. Streams of events, which have no
    // end of their own, end now.
    void endSoon();
    // Breaks off an answer in pieces that is not finished.
    void breakOff();
    // An answer is being made, or is not out yet.
    [[nodiscard]] bool isBusy() const;
    void flushWire() { m_wire->flush(); }

    static qint64 nowMs();

private:
    enum class State { Greeting, Handshake, Reading, Answering, Streaming, Closing, Ended };

    [[nodiscard]] qint64 unsentBytes() const;
    void readWire();
    RequestParser::State readOn();
    void greet();
    [[nodiscard]] bool hasInput() const { return m_parser.hasBuffered() || m_wire->bytesAvailable() > 0; }
    void deliver();
    void takePieces();
    void write(std::string_view bytes);
    void writePiece(const std::string& piece);
    void endPieces(PieceQueue::End end);
    void letGoOfPieces();
    void answerDone();
    void refuse(const Refusal& refusal);
    void closeWire();
    void halfClose();
    void resetWire();
    void wireWritten();
    void wireGone();
    void arm(qint64 milliseconds) { m_deadline = nowMs() + milliseconds; }
    void deadlinePassed();

    const std::unique_ptr<QTcpSocket> m_wire;
    QSslSocket* const m_tls; // m_wire, where it speaks TLS
    const quint64 m_ticket;
    const GuardLimits& m_limits;
    ConnectionOwner& m_owner;
    const QHostAddress m_address; // of the client
    const std::string m_peer;     // as text
    std::string m_certificate;    // that the client has shown, in PEM
    State m_state;
    RequestParser m_parser;
    AnswerManner m_manner; // of the answer that is being made
    std::shared_ptr<PieceQueue> m_pieces;
    BodyFraming m_framing = BodyFraming::None; // of m_pieces
    std::uint64_t m_bodyLeft = 0;              // of the length that its head named
    bool m_isEventStream = false;
    bool m_endSoon = false;
    bool m_isHalfClosed = false;
    bool m_isRefused = false;
    qint64 m_deadline = 0;
    qint64 m_bodyBegan = 0;
    bool m_hasSent = true; // since the last tick
    qint64 m_stallDeadline = 0;
};

} // namespace mm::rest::guard
