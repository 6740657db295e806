#include "engine/ipc/shared_word.h"

#include <linux/futex.h>
#include <sched.h>
#include <signal.h> // NOLINT(modernize-deprecated-headers): POSIX, for kill()
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <ctime>

namespace mm::ipc {
namespace {

// The lock is held for some hundred nanoseconds, unless its owner has lost its core.
constexpr int kTriesUntilYield = 200;
constexpr int kYieldsBetweenLooks = 16;

// No system call each time: no process here goes on under its parent's code after a fork.
std::uint32_t ownPid() {
    static const auto pid = static_cast<std::uint32_t>(::getpid());
    return pid;
}

long futex(const SharedWord& word, int operation, std::uint32_t value, const timespec* time) {
    return ::syscall(SYS_futex, reinterpret_cast<const std::uint32_t*>(&word), operation, value, time, nullptr, 0);
}

} // namespace

bool isProcessAlive(std::uint32_t pid) {
    return pid != 0 && pid <= INT_MAX && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno != ESRCH);
}

void sleepWhile(const SharedWord& word, std::uint32_t seen, std::chrono::nanoseconds time) {
    if (time <= time.zero())
        return;
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(time);
    const timespec span{whole.count(), static_cast<long>((time - whole).count())};
    futex(word, FUTEX_WAIT, seen, &span);
}

void wakeAll(SharedWord& word) {
    futex(word, FUTEX_WAKE, INT_MAX, nullptr);
}

SharedLock::SharedLock(SharedWord& word, std::chrono::milliseconds patience) : m_word(word), m_me(ownPid()) {
    const auto tryOnce = [this](std::uint32_t from) {
        m_taken = m_word.compare_exchange_strong(from, m_me, std::memory_order_acquire, std::memory_order_relaxed);
        return m_taken;
    };
    for (int i = 0; i < kTriesUntilYield; ++i)
        if (tryOnce(0))
            return;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    do {
        for (int i = 0; i < kYieldsBetweenLooks; ++i) {
            ::sched_yield();
            if (tryOnce(0))
                return;
        }
        const std::uint32_t owner = m_word.load(std::memory_order_relaxed);
        if (owner != 0 && !isProcessAlive(owner) && tryOnce(owner)) {
            m_tookOver = true;
            return;
        }
    } while (std::chrono::steady_clock::now() < deadline);
}

SharedLock::~SharedLock() {
    if (!m_taken)
        return;
    std::uint32_t mine = m_me;
    m_word.compare_exchange_strong(mine, 0, std::memory_order_release, std::memory_order_relaxed);
}

} // namespace mm::ipc
