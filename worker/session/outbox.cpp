#include "worker/session/outbox.h"

#include "worker/session/memory_limit.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace mm::worker {
namespace {

constexpr std::size_t kMaxWaitingBytes = 64U << 20;
// Larger ones are encoded beside the next step.
constexpr std::size_t kMaxStraightBytes = 64U << 10;

} // namespace

Outbox::Outbox(EngineLink& link) : m_link(link), m_wakeFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
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
    wake();
}

void Outbox::wake() const {
    const std::uint64_t one = 1;
    // Fails only where the counter is full, and then the I/O thread is awake anyway.
    (void)!::write(m_wakeFd, &one, sizeof one);
}

void Outbox::pushAnswers(std::vector<Frame> answers) {
    if (answers.size() != 1 || !sendStraight(answers.front()))
        push(std::move(answers));
}

// Only where nothing is before it, so that the engine hears everything in order.
bool Outbox::sendStraight(const Frame& answer) {
    const EssentialWork essential;
    {
        const std::lock_guard lock(m_mutex);
        if (m_isPassing || !m_frames.empty() || m_link.unsent() > 0 || answer.ByteSizeLong() > kMaxStraightBytes)
            return false;
        m_answered.push_back(answer.output().id()); // before the engine can have it
        if (!m_link.send(answer)) {
            m_answered.pop_back();
            return false;
        }
    }
    // An error is one of the I/O thread's too.
    if (!m_link.flush() || m_link.unsent() > 0)
        wake();
    return true;
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
        m_isPassing = !frames.empty();
    }
    m_room.notify_one();
    return frames;
}

void Outbox::passedOn() {
    const std::lock_guard lock(m_mutex);
    m_isPassing = false;
}

std::vector<std::uint64_t> Outbox::takeAnswered() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_answered, {});
}

} // namespace mm::worker
