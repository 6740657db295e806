#include "engine/lifecycle/link/frame_channel.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace mm::lifecycle {
namespace {

constexpr std::size_t kReadBytes = 64U << 10;
constexpr std::size_t kBytesPerTurn = 4U << 20;
constexpr std::size_t kKeepBytes = 1U << 20;

} // namespace

FrameChannel::FrameChannel(int socket, Listener& listener)
    : m_socket(socket)
    , m_listener(listener)
    , m_readable(socket, QSocketNotifier::Read)
    , m_writable(socket, QSocketNotifier::Write) {
    m_writable.setEnabled(false);
    QObject::connect(&m_readable, &QSocketNotifier::activated, &m_turn, [this] { read(); });
    QObject::connect(&m_writable, &QSocketNotifier::activated, &m_turn, [this] { flush(); });
}

void FrameChannel::close() {
    if (m_socket < 0)
        return;
    m_readable.setEnabled(false);
    m_writable.setEnabled(false);
    ::close(m_socket);
    m_socket = -1;
    m_out = {};
    m_sent = 0;
}

void FrameChannel::flushLater() {
    if (m_flushWanted || m_writable.isEnabled())
        return;
    m_flushWanted = true;
    QMetaObject::invokeMethod(
        &m_turn, [this] { flush(); }, Qt::QueuedConnection);
}

void FrameChannel::flush() {
    m_flushWanted = false;
    while (isOpen() && unsent() > 0) {
        const ssize_t count = ::send(m_socket, m_out.data() + m_sent, unsent(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            // Moving the rest to the front only now and then keeps a long queue linear.
            if (m_sent > m_out.size() / 2) {
                m_out.erase(0, m_sent);
                m_sent = 0;
            }
            m_writable.setEnabled(true);
            return;
        }
        if (count < 0) {
            // The peer is gone; reading will find the end of the stream and say so.
            m_sent = m_out.size();
            break;
        }
        m_sent += static_cast<std::size_t>(count);
    }
    m_writable.setEnabled(false);
    m_sent = 0;
    if (m_out.capacity() > kKeepBytes)
        m_out = {};
    else
        m_out.clear();
}

void FrameChannel::read() {
    // The notifier is level-triggered: what is left after this turn's share wakes it again.
    for (std::size_t total = 0; isOpen() && total < kBytesPerTurn;) {
        const ssize_t count = ::recv(m_socket, m_reader.prepare(kReadBytes), kReadBytes, MSG_DONTWAIT);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            return;
        if (count <= 0) {
            m_readable.setEnabled(false);
            m_listener.onEndOfStream();
            return;
        }
        m_reader.commit(static_cast<std::size_t>(count));
        total += static_cast<std::size_t>(count);
        if (!deliver() || static_cast<std::size_t>(count) < kReadBytes)
            return;
    }
}

bool FrameChannel::deliver() {
    while (isOpen()) {
        const Result<std::optional<std::string_view>> next = m_reader.next();
        if (!next) {
            m_readable.setEnabled(false);
            m_listener.onBrokenStream(next.error());
            return false;
        }
        if (!*next)
            return true;
        m_listener.onFrame(**next);
    }
    return false;
}

} // namespace mm::lifecycle
