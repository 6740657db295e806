#include "worker/session/engine_link.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace mm::worker {
namespace {

constexpr std::size_t kReadBytes = 256U << 10;
// A large answer's buffer is given back once it is sent.
constexpr std::size_t kKeepBytes = 1U << 20;

Error socketError(const char* what) {
    return {ErrorCode::InternalError,
            std::string(what) + " the engine's socket failed: " + std::system_category().message(errno)};
}

} // namespace

EngineLink::EngineLink(int fd) : m_fd(fd) {
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

EngineLink::~EngineLink() {
    ::close(m_fd);
}

Result<bool> EngineLink::read() {
    for (;;) {
        const ssize_t got = ::recv(m_fd, m_reader.prepare(kReadBytes), kReadBytes, 0);
        if (got > 0) {
            m_reader.commit(static_cast<std::size_t>(got));
            return true;
        }
        if (got == 0 || errno == ECONNRESET)
            return false;
        if (errno == EAGAIN)
            return true;
        if (errno != EINTR)
            return socketError("reading");
    }
}

Result<std::optional<modelmora::worker::v1::EngineFrame>> EngineLink::next() {
    MM_TRY(const std::optional<std::string_view> payload, m_reader.next());
    std::optional<modelmora::worker::v1::EngineFrame> frame;
    if (!payload)
        return frame;
    frame.emplace();
    if (!frame->ParseFromArray(payload->data(), static_cast<int>(payload->size())) ||
        frame->frame_case() == modelmora::worker::v1::EngineFrame::FRAME_NOT_SET)
        return Error{ErrorCode::WorkerMisbehaved,
                     "a frame of " + std::to_string(payload->size()) + " bytes is no message of the worker protocol"};
    return frame;
}

Result<void> EngineLink::send(const modelmora::worker::v1::WorkerFrame& frame) {
    const std::lock_guard lock(m_mutex);
    return ipc::appendFrame(frame, m_out);
}

std::size_t EngineLink::unsent() const {
    const std::lock_guard lock(m_mutex);
    return m_out.size() - m_sent;
}

Result<void> EngineLink::flush() {
    const std::lock_guard lock(m_mutex);
    return flushLocked();
}

Result<void> EngineLink::flushLocked() {
    while (m_sent < m_out.size()) {
        const ssize_t wrote = ::send(m_fd, m_out.data() + m_sent, m_out.size() - m_sent, MSG_NOSIGNAL);
        if (wrote >= 0) {
            m_sent += static_cast<std::size_t>(wrote);
            continue;
        }
        if (errno == EAGAIN)
            return {};
        // The end of the stream is told by read(), after the engine's last frames.
        if (errno == EPIPE || errno == ECONNRESET)
            break;
        if (errno != EINTR)
            return socketError("writing");
    }
    m_sent = 0;
    m_out.clear();
    if (m_out.capacity() > kKeepBytes)
        m_out.shrink_to_fit();
    return {};
}

} // namespace mm::worker
