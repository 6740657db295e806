#include "engine/rest/guard/http_connection.h"

#include "engine/base/ids.h"
#include "engine/base/log.h"

#include <QElapsedTimer>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace mm::rest::guard {
namespace {

constexpr qint64 kReadBufferBytes = 64LL * 1024; // back-pressure while a request is being answered
constexpr std::size_t kSmallBodyBytes = 16UL * 1024;

} // namespace

qint64 HttpConnection::nowMs() {
    static const QElapsedTimer timer = [] {
        QElapsedTimer started;
        started.start();
        return started;
    }();
    return timer.elapsed();
}

HttpConnection::HttpConnection(std::unique_ptr<QTcpSocket> wire, quint64 ticket, const GuardLimits& limits,
                               ConnectionOwner& owner)
    : m_wire(std::move(wire))
    , m_tls(qobject_cast<QSslSocket*>(m_wire.get()))
    , m_ticket(ticket)
    , m_limits(limits)
    , m_owner(owner)
    , m_address(m_wire->peerAddress())
    , m_peer(m_address.toString().toStdString())
    , m_state(m_tls ? State::Greeting : State::Reading)
    , m_parser(limits.request) {
    m_wire->setReadBufferSize(kReadBufferBytes);
    connect(m_wire.get(), &QTcpSocket::readyRead, this, &HttpConnection::readWire);
    connect(m_wire.get(), &QTcpSocket::disconnected, this, &HttpConnection::wireGone);
    connect(m_wire.get(), &QTcpSocket::bytesWritten, this, &HttpConnection::wireWritten);
    if (m_tls) {
        connect(m_tls, &QSslSocket::encryptedBytesWritten, this, &HttpConnection::wireWritten);
        connect(m_tls, &QSslSocket::encrypted, this, [this] {
            m_state = State::Reading;
            m_certificate = m_tls->peerCertificate().toPem().toStdString(); // empty for none
        });
    }
    arm(limits.headMs);
}

HttpConnection::~HttpConnection() {
    m_wire->disconnect(this);
    letGoOfPieces();
}

qint64 HttpConnection::unsentBytes() const {
    return m_wire->bytesToWrite() + (m_tls ? m_tls->encryptedBytesToWrite() : 0);
}

bool HttpConnection::isBusy() const {
    if (m_state == State::Ended)
        return false;
    const bool isMidRequest = m_state == State::Reading && m_parser.state() != RequestParser::State::Idle;
    return m_state == State::Answering || m_state == State::Streaming || isMidRequest || unsentBytes() > 0;
}

void HttpConnection::readWire() {
    if (m_state == State::Greeting)
        return greet();
    if (m_state == State::Closing)
        m_wire->skip(m_wire->bytesAvailable());
    // A client that does not read its answers gets no further ones made.
    if (m_state != State::Reading || unsentBytes() > m_limits.maxUnsentBytes)
        return;
    const RequestParser::State before = m_parser.state();
    const RequestParser::State state = readOn();
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

// What came behind the last request is read first: only a request that is not whole yet asks for more bytes, so a
// pipeline keeps its place in the socket and not in memory.
RequestParser::State HttpConnection::readOn() {
    if (m_parser.state() == RequestParser::State::Idle && m_parser.hasBuffered()) {
        const RequestParser::State state = m_parser.feed({});
        if (state == RequestParser::State::Complete || state == RequestParser::State::Refused)
            return state;
    }
    std::array<char, 64LL * 1024> chunk; // NOLINT: filled by read()
    const qint64 size = std::max<qint64>(0, m_wire->read(chunk.data(), static_cast<qint64>(chunk.size())));
    return m_parser.feed({chunk.data(), static_cast<std::size_t>(size)});
}

// Every TLS connection begins with a handshake record. Who speaks plain HTTP is told so in words that it understands.
void HttpConnection::greet() {
    constexpr char kHandshakeRecord = 0x16;
    const QByteArray first = m_wire->peek(1);
    if (first.isEmpty())
        return;
    if (first.front() == kHandshakeRecord) {
        m_state = State::Handshake;
        return m_tls->startServerEncryption();
    }
    refuse({400, {ErrorCode::MalformedRequest, "TLS only is spoken here. Use https:// in the address."}});
}

void HttpConnection::deliver() {
    HttpRequest request = m_parser.take();
    request.peer = m_peer;
    request.certificate = m_certificate;
    m_manner = {request.headOnly, request.http10, request.keepAlive};
    m_state = State::Answering;
    arm(m_limits.answerMs);
    m_owner.requestCame(*this, std::move(request));
}

// A small body goes with its head, in one write.
void HttpConnection::answer(Answer answer) {
    if (m_state != State::Answering)
        return;
    m_manner.keepAlive = m_manner.keepAlive && !m_endSoon;
    const bool hasBody = !m_manner.headOnly && pieceFraming(answer, m_manner) != BodyFraming::None;
    std::string head = answerHead(answer, m_manner, BodyFraming::Length, answer.body.size());
    const bool isSmall = answer.body.size() <= kSmallBodyBytes;
    if (hasBody && isSmall)
        head += answer.body;
    write(head);
    if (hasBody && !isSmall)
        m_wire->write(answer.body.data(), static_cast<qint64>(answer.body.size()));
    answerDone();
}

// To the socket at once where nothing waits before it: the library would ask the system first whether there is room, in
// another turn of the loop.
void HttpConnection::write(std::string_view bytes) {
    if (!m_tls && m_wire->bytesToWrite() == 0) {
        const int descriptor = static_cast<int>(m_wire->socketDescriptor());
        const ssize_t sent = ::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        bytes.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(0, sent)));
    }
    if (!bytes.empty())
        m_wire->write(bytes.data(), static_cast<qint64>(bytes.size()));
}

void HttpConnection::answerInPieces(const Answer& head, std::shared_ptr<PieceQueue> pieces) {
    if (m_state != State::Answering)
        return pieces->close();
    m_framing = pieceFraming(head, m_manner);
    m_bodyLeft = namedLength(head).value_or(0);
    m_isEventStream = head.contentType.starts_with("text/event-stream");
    m_manner.keepAlive = m_manner.keepAlive && !m_endSoon && m_framing != BodyFraming::UntilClose;
    const std::string text = answerHead(head, m_manner, m_framing, m_bodyLeft);
    m_wire->write(text.data(), static_cast<qint64>(text.size()));
    m_state = State::Streaming;
    m_pieces = std::move(pieces);
    if (m_manner.headOnly || m_framing == BodyFraming::None) {
        m_owner.clientLeft(*this); // it has all it asked for: what is being made reaches nobody
        return answerDone();
    }
    m_pieces->connect([this] { takePieces(); });
    takePieces();
    if (m_endSoon)
        endSoon();
}

void HttpConnection::takePieces() {
    if (m_state != State::Streaming)
        return;
    const PieceQueue::Taken taken = m_pieces->take();
    for (const std::string& piece : taken.pieces)
        writePiece(piece);
    m_pieces->setWireBytes(static_cast<std::size_t>(unsentBytes()));
    if (taken.end != PieceQueue::End::NotYet)
        endPieces(taken.end);
}

void HttpConnection::writePiece(const std::string& piece) {
    std::size_t size = piece.size();
    if (m_framing == BodyFraming::Length) {
        if (size > m_bodyLeft)
            log::error("an answer in pieces is longer than its head says", {{"bytes_over", size - m_bodyLeft}});
        size = static_cast<std::size_t>(std::min<std::uint64_t>(size, m_bodyLeft));
        m_bodyLeft -= size;
    }
    if (m_framing == BodyFraming::Chunked) {
        std::array<char, 18> line; // NOLINT: filled by to_chars
        char* end = std::to_chars(line.data(), line.data() + 16, size, 16).ptr;
        *end++ = '\r';
        *end++ = '\n';
        m_wire->write(line.data(), end - line.data());
    }
    m_wire->write(piece.data(), static_cast<qint64>(size));
    if (m_framing == BodyFraming::Chunked)
        m_wire->write("\r\n", 2);
}

void HttpConnection::endPieces(PieceQueue::End end) {
    const bool isWhole = end == PieceQueue::End::Finished && (m_framing != BodyFraming::Length || m_bodyLeft == 0);
    if (isWhole) {
        if (m_framing == BodyFraming::Chunked)
            m_wire->write("0\r\n\r\n", 5);
        return answerDone();
    }
    log::warning("an answer in pieces was broken off before its end", {{"peer", m_peer}});
    breakOff();
}

// The client must see that something is missing: no last chunk, fewer bytes than were named, or a reset.
void HttpConnection::breakOff() {
    if (m_state != State::Streaming)
        return;
    m_manner.keepAlive = false;
    m_owner.clientLeft(*this);
    if (m_state != State::Streaming)
        return;
    const bool isSilent = m_framing == BodyFraming::UntilClose;
    answerDone();
    if (isSilent)
        resetWire();
}

void HttpConnection::letGoOfPieces() {
    if (const auto pieces = std::exchange(m_pieces, nullptr)) {
        pieces->connect(nullptr);
        pieces->close();
    }
}

void HttpConnection::answerDone() {
    letGoOfPieces();
    if (!m_manner.keepAlive || m_endSoon) {
        m_state = State::Closing;
        m_owner.answerWritten(*this);
        wireWritten();
    } else {
        m_state = State::Reading;
        arm(m_limits.idleMs);
        m_owner.answerWritten(*this);
        if (hasInput())
            QMetaObject::invokeMethod(
                this, [this] { readWire(); }, Qt::QueuedConnection);
    }
    m_owner.exchangeEnded();
}

void HttpConnection::refuse(const Refusal& refusal) {
    const std::string traceId = newUuid();
    const HttpRequest& request = m_parser.partial();
    Answer answer = m_owner.refusal(refusal.error, request, traceId);
    answer.status = refusal.status;
    answer.headers.emplace_back("X-Request-Id", traceId);
    std::string text = answerHead(answer, {.keepAlive = false}, BodyFraming::Length, answer.body.size());
    if (!request.headOnly)
        text += answer.body;
    m_wire->write(text.data(), static_cast<qint64>(text.size()));
    m_isRefused = true;
    m_state = State::Closing;
    wireWritten();
}

// Stops sending once all is out and reads over what still comes, so that the client can read the answer before a reset.
void HttpConnection::halfClose() {
    m_isHalfClosed = true;
    arm(m_limits.lingerMs);
    m_wire->skip(m_wire->bytesAvailable());
    // An answer that the client waits for ends with TLS's own goodbye; with one that interrupts it, it may still be
    // sending.
    if (m_tls && m_tls->isEncrypted() && !m_isRefused)
        m_wire->disconnectFromHost();
    else if (m_wire->socketDescriptor() >= 0)
        ::shutdown(static_cast<int>(m_wire->socketDescriptor()), SHUT_WR);
}

// Gives up on the client: what it has not taken must not stay in the kernel's care for minutes.
void HttpConnection::resetWire() {
    const linger none{1, 0};
    if (m_wire->socketDescriptor() >= 0)
        ::setsockopt(static_cast<int>(m_wire->socketDescriptor()), SOL_SOCKET, SO_LINGER, &none, sizeof none);
    m_wire->abort();
}

void HttpConnection::wireWritten() {
    const qint64 unsent = unsentBytes();
    m_hasSent = true;
    if (m_state == State::Streaming) {
        m_pieces->setWireBytes(static_cast<std::size_t>(unsent));
    } else if (m_state == State::Closing && unsent == 0 && !m_isHalfClosed) {
        halfClose();
        m_owner.exchangeEnded();
    } else if (m_state == State::Reading && hasInput() && unsent <= m_limits.maxUnsentBytes) {
        readWire();
    }
}

void HttpConnection::closeWire() {
    if (m_state == State::Closing || m_state == State::Ended)
        return;
    m_state = State::Closing;
    wireWritten();
}

void HttpConnection::endSoon() {
    m_endSoon = true;
    if (m_state == State::Greeting || m_state == State::Handshake)
        return resetWire();
    if (m_state == State::Reading && m_parser.state() == RequestParser::State::Idle)
        return closeWire();
    if (m_state != State::Streaming || !m_isEventStream)
        return;
    m_manner.keepAlive = false;
    m_owner.clientLeft(*this);
    if (m_state == State::Streaming)
        endPieces(PieceQueue::End::Finished);
}

void HttpConnection::wireGone() {
    if (m_state == State::Ended)
        return;
    const bool wasAnswering = m_state == State::Answering || m_state == State::Streaming;
    m_state = State::Ended;
    letGoOfPieces();
    if (wasAnswering)
        m_owner.clientLeft(*this);
    m_owner.exchangeEnded();
    m_owner.connectionEnded(*this);
}

void HttpConnection::tick(qint64 now) {
    if (m_state == State::Ended)
        return;
    const qint64 unsent = unsentBytes();
    if (unsent > 0) {
        if (std::exchange(m_hasSent, false))
            m_stallDeadline = now + m_limits.writeStallMs;
        else if (now >= m_stallDeadline)
            resetWire();
        return;
    }
    m_hasSent = true;
    if (now >= m_deadline)
        deadlinePassed();
}

void HttpConnection::deadlinePassed() {
    if (m_state == State::Greeting || m_state == State::Handshake)
        return resetWire();
    if (m_state == State::Streaming)
        return; // it lasts as long as it lasts, while the client takes it
    if (m_state == State::Answering) {
        m_manner.keepAlive = false;
        m_owner.answerOverdue(*this);
    } else if (m_state == State::Reading && m_parser.state() != RequestParser::State::Idle) {
        refuse({408, {ErrorCode::MalformedRequest, "The request did not come in time. Send it without pauses."}});
    } else if (m_state == State::Reading) {
        closeWire();
    } else {
        resetWire();
    }
}

} // namespace mm::rest::guard
