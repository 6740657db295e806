#include "engine/rest/guard/guard_socket.h"

#include "engine/base/ids.h"
#include "engine/rest/guard/reason_phrase.h"

#include <QElapsedTimer>
#include <QHostAddress>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace mm::rest::guard {
namespace {

constexpr qint64 kReadBufferBytes = 64LL * 1024; // back-pressure while a request is being answered

} // namespace

qint64 GuardSocket::nowMs() {
    static const QElapsedTimer timer = [] {
        QElapsedTimer started;
        started.start();
        return started;
    }();
    return timer.elapsed();
}

GuardSocket::GuardSocket(QTcpSocket* wire, quint64 ticket, const GuardLimits& limits, SocketOwner& owner)
    : m_wire(wire)
    , m_ticket(ticket)
    , m_limits(limits)
    , m_owner(owner)
    , m_parser(limits.request)
    , m_carrier("GET / HTTP/1.1\r\nG:" + QByteArray::number(ticket) + "\r\n\r\n")
    , m_carrierAt(m_carrier.size()) {
    wire->setParent(this);
    wire->setReadBufferSize(kReadBufferBytes);
    setOpenMode(QIODevice::ReadWrite);
    setSocketState(ConnectedState);
    setPeerAddress(wire->peerAddress());
    setPeerPort(wire->peerPort());
    setLocalAddress(wire->localAddress());
    setLocalPort(wire->localPort());
    connect(wire, &QTcpSocket::readyRead, this, &GuardSocket::readWire);
    connect(wire, &QTcpSocket::disconnected, this, &GuardSocket::wireGone);
    connect(wire, &QTcpSocket::bytesWritten, this, &GuardSocket::wireWritten);
    arm(limits.headMs);
}

std::optional<HttpRequest> GuardSocket::takeRequest() {
    if (m_request)
        m_request->peer = peerAddress().toString().toStdString();
    return std::exchange(m_request, std::nullopt);
}

bool GuardSocket::isBusy() const {
    if (m_state == State::Ended)
        return false;
    const bool isMidRequest = m_state == State::Reading && m_parser.state() != RequestParser::State::Idle;
    return m_state == State::Answering || isMidRequest || m_wire->bytesToWrite() > 0;
}

void GuardSocket::readWire() {
    if (m_state == State::Closing)
        m_wire->skip(m_wire->bytesAvailable());
    // A client that does not read its answers gets no further ones made.
    if (m_state != State::Reading || m_wire->bytesToWrite() > m_limits.maxUnsentBytes)
        return;
    std::array<char, 64LL * 1024> chunk; // NOLINT: filled by read()
    const qint64 size = std::max<qint64>(0, m_wire->read(chunk.data(), static_cast<qint64>(chunk.size())));
    const RequestParser::State before = m_parser.state();
    const RequestParser::State state = m_parser.feed({chunk.data(), static_cast<std::size_t>(size)});
    if (m_parser.takeContinueWish())
        m_wire->write("HTTP/1.1 100 Continue\r\n\r\n");
    switch (state) {
    case RequestParser::State::Idle:
        break;
    case RequestParser::State::Head:
        if (before == RequestParser::State::Idle)
            arm(m_limits.headMs);
        break;
    case RequestParser::State::Body:
        if (before != RequestParser::State::Body)
            m_bodyBegan = nowMs();
        // An honest slow upload gets its time; one byte now and then does not.
        m_deadline = m_bodyBegan + m_limits.bodyMs + m_parser.bodyBytes() * 1000 / m_limits.minBodyBytesPerSecond;
        break;
    case RequestParser::State::Complete:
        deliver();
        break;
    case RequestParser::State::Refused:
        refuse(m_parser.refusal());
        break;
    }
}

void GuardSocket::deliver() {
    m_request = m_parser.take();
    m_keepAlive = m_request->keepAlive && !m_endSoon;
    m_http10 = m_request->http10;
    m_follower.begin(m_request->headOnly);
    m_state = State::Answering;
    arm(m_limits.answerMs);
    m_carrierAt = 0;
    Q_EMIT readyRead();
}

qint64 GuardSocket::bytesAvailable() const {
    return QTcpSocket::bytesAvailable() + m_carrier.size() - m_carrierAt;
}

qint64 GuardSocket::readData(char* data, qint64 max) {
    const qint64 size = std::min<qint64>(max, m_carrier.size() - m_carrierAt);
    if (size > 0) {
        std::memcpy(data, m_carrier.constData() + m_carrierAt, static_cast<std::size_t>(size));
        m_carrierAt += size;
    }
    return std::max<qint64>(size, 0);
}

qint64 GuardSocket::writeData(const char* data, qint64 size) {
    if (m_state == State::Answering) // otherwise nobody is left to read it
        responseBytes({data, static_cast<std::size_t>(size)});
    return size;
}

void GuardSocket::responseBytes(std::string_view bytes) {
    const ResponseFollower::Seen seen = m_follower.feed(bytes);
    if (!seen.head.empty()) {
        m_keepAlive = m_keepAlive && !m_endSoon && !m_follower.endsWithConnection();
        m_wire->write(seen.head.data(), static_cast<qint64>(seen.head.size()));
        if (!m_keepAlive)
            m_wire->write("\r\nConnection: close\r\n\r\n");
        else
            m_wire->write(m_http10 ? "\r\nConnection: keep-alive\r\n\r\n" : "\r\n\r\n");
    }
    if (!seen.body.empty())
        m_wire->write(seen.body.data(), static_cast<qint64>(seen.body.size()));
    if (seen.isDone)
        responseDone();
}

// No flush: the write notifier sends in the same turn of the loop, and a send() of its own costs a task switch.
void GuardSocket::responseDone() {
    if (!m_keepAlive) {
        m_state = State::Closing;
        wireWritten();
    } else {
        m_state = State::Reading;
        arm(m_limits.idleMs);
        if (hasInput())
            QMetaObject::invokeMethod(
                this, [this] { readWire(); }, Qt::QueuedConnection);
    }
    m_owner.exchangeEnded();
}

void GuardSocket::refuse(const Refusal& refusal) {
    const std::string traceId = newUuid();
    std::string answer = "HTTP/1.1 " + std::to_string(refusal.status) + ' ' + std::string(reasonPhrase(refusal.status));
    const std::string body = m_owner.refusalBody(refusal.error, m_parser.partial(), traceId);
    answer += "\r\nContent-Type: application/json\r\nX-Request-Id: " + traceId;
    answer += "\r\nContent-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n";
    if (!m_parser.partial().headOnly)
        answer += body;
    m_wire->write(answer.data(), static_cast<qint64>(answer.size()));
    m_state = State::Closing;
    wireWritten();
}

// Stops sending once all is out and reads over what still comes, so that the client can read the answer before a reset.
void GuardSocket::halfClose() {
    m_isHalfClosed = true;
    arm(m_limits.lingerMs);
    m_wire->skip(m_wire->bytesAvailable());
    if (m_wire->socketDescriptor() >= 0)
        ::shutdown(static_cast<int>(m_wire->socketDescriptor()), SHUT_WR);
}

// Gives up on the client: what it has not taken must not stay in the kernel's care for minutes.
void GuardSocket::resetWire() {
    const linger none{1, 0};
    if (m_wire->socketDescriptor() >= 0)
        ::setsockopt(static_cast<int>(m_wire->socketDescriptor()), SOL_SOCKET, SO_LINGER, &none, sizeof none);
    m_wire->abort();
}

void GuardSocket::wireWritten() {
    const qint64 unsent = m_wire->bytesToWrite();
    if (m_state == State::Closing && unsent == 0 && !m_isHalfClosed) {
        halfClose();
        m_owner.exchangeEnded();
    } else if (m_state == State::Reading && hasInput() && unsent <= m_limits.maxUnsentBytes) {
        readWire();
    }
}

void GuardSocket::closeWire() {
    if (m_state == State::Closing || m_state == State::Ended)
        return;
    m_state = State::Closing;
    wireWritten();
}

void GuardSocket::endSoon() {
    m_endSoon = true;
    if (m_state == State::Reading && m_parser.state() == RequestParser::State::Idle)
        closeWire();
}

void GuardSocket::wireGone() {
    if (m_state == State::Ended)
        return;
    const bool wasAnswering = m_state == State::Answering;
    m_state = State::Ended;
    if (wasAnswering)
        m_owner.clientLeft(m_ticket);
    m_owner.exchangeEnded();
    setSocketState(UnconnectedState);
    Q_EMIT disconnected(); // QHttpServer deletes us later
}

void GuardSocket::tick(qint64 now) {
    if (m_state == State::Ended)
        return;
    const qint64 unsent = m_wire->bytesToWrite();
    if (unsent > 0) {
        if (unsent != m_lastUnsent) {
            m_stallDeadline = now + m_limits.writeStallMs;
            m_lastUnsent = unsent;
        } else if (now >= m_stallDeadline) {
            resetWire();
        }
        return;
    }
    m_lastUnsent = 0;
    if (now >= m_deadline)
        deadlinePassed();
}

void GuardSocket::deadlinePassed() {
    if (m_state == State::Answering) {
        m_state = State::Closing;
        m_owner.clientLeft(m_ticket);
        refuse({500, {ErrorCode::InternalError, "No answer was made for this request."}});
    } else if (m_state == State::Reading && m_parser.state() != RequestParser::State::Idle) {
        refuse({408, {ErrorCode::MalformedRequest, "The request did not come in time. Send it without pauses."}});
    } else if (m_state == State::Reading) {
        closeWire();
    } else {
        resetWire();
    }
}

} // namespace mm::rest::guard
