#include "worker/session/outbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace mm::worker {
namespace {

constexpr std::size_t kMaxWaitingBytes = 64U << 20;

} // namespace

Outbox::Outbox() : m_wakeFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (m_wakeFd < 0)
        throw std::system_error(errno, std::system_category(), "eventfd");
}

Outbox::~Outbox() {
    ::close(m_wakeFd);
}

void Outbox::push(std::vector<Frame> frames) {
    std::size_t bytes = 0;
    for (const Frame& frame : frames)
        bytes += frame.ByteSizeLong();
    {
        std::unique_lock lock(m_mutex);
        m_room.wait(lock, [this] { return m_bytes < kMaxWaitingBytes; });
        m_bytes += bytes;
        std::move(frames.begin(), frames.end(), std::back_inserter(m_frames));
    }
    const std::uint64_t one = 1;
    // Fails only where the counter is full, and then the I/O thread is awake anyway.
    (void)!::write(m_wakeFd, &one, sizeof one);
}

void Outbox::push(Frame frame) {
    std::vector<Frame> frames;
    frames.push_back(std::move(frame));
    push(std::move(frames));
}

std::vector<Outbox::Frame> Outbox::take() {
    std::uint64_t ignored = 0;
    (void)!::read(m_wakeFd, &ignored, sizeof ignored);
    std::vector<Frame> frames;
    {
        const std::lock_guard lock(m_mutex);
        frames.swap(m_frames);
        m_bytes = 0;
    }
    m_room.notify_one();
    return frames;
}

} // namespace mm::worker
