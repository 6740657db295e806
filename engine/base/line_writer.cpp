#include "engine/base/line_writer.h"

#include <poll.h>
#include <signal.h> // NOLINT(modernize-deprecated-headers): POSIX, for the masks
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace mm {
namespace {

// A pipe that polls as writable takes so much without blocking.
constexpr std::size_t kPiece = 4'096;
// How often a stalled writer looks whether it shall end.
constexpr int kLookMs = 50;

// Signals are for the thread that waits for them; one that no thread blocks would end the process.
std::thread withoutSignals(std::function<void()> work) {
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread thread(std::move(work));
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return thread;
}

} // namespace

LineWriter::LineWriter(int descriptor, Options options)
    : m_descriptor(descriptor), m_options(std::move(options)), m_thread(withoutSignals([this] { run(); })) {}

LineWriter::~LineWriter() {
    {
        const std::lock_guard lock(m_mutex);
        m_ending = true;
        m_deadline = std::chrono::steady_clock::now() + m_options.patience;
    }
    m_news.notify_one();
    m_thread.join();
}

void LineWriter::write(std::string line) {
    line.push_back('\n');
    {
        const std::lock_guard lock(m_mutex);
        if (m_bytes + line.size() > m_options.mostBytes) {
            ++m_dropped;
            return;
        }
        m_bytes += line.size();
        m_lines.push_back(std::move(line));
    }
    m_news.notify_one();
}

void LineWriter::run() {
    for (;;) {
        std::string bytes;
        {
            std::unique_lock lock(m_mutex);
            m_news.wait(lock, [this] { return m_ending || !m_lines.empty() || m_dropped > 0; });
            if (m_lines.empty() && m_dropped == 0)
                return;
            // What was dropped came after all that waits.
            if (m_lines.empty()) {
                bytes = m_options.dropped(std::exchange(m_dropped, 0)) + '\n';
            } else {
                bytes = std::move(m_lines.front());
                m_lines.pop_front();
            }
        }
        const bool written = put(bytes);
        const std::lock_guard lock(m_mutex);
        m_bytes -= std::min(m_bytes, bytes.size());
        if (!written)
            return;
    }
}

bool LineWriter::put(const std::string& bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
        if (!awaitRoom())
            return false;
        const ssize_t count = ::write(m_descriptor, bytes.data() + done, std::min(kPiece, bytes.size() - done));
        if (count > 0)
            done += static_cast<std::size_t>(count);
        else if (errno != EINTR && errno != EAGAIN)
            return true; // nobody will ever read it; there is nowhere to say so
    }
    return true;
}

bool LineWriter::awaitRoom() {
    for (;;) {
        pollfd room{m_descriptor, POLLOUT, 0};
        if (::poll(&room, 1, kLookMs) > 0)
            return true;
        const std::lock_guard lock(m_mutex);
        if (m_ending && std::chrono::steady_clock::now() >= m_deadline)
            return false;
    }
}

} // namespace mm
