// Words in memory that processes share: a lock that survives its owner's death, and sleeping until a word changes.
// No pointers, unlike a pthread mutex or condition variable: the processes do not trust each other, and what one writes
// there must not be followed by another. Any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace mm::ipc {

using SharedWord = std::atomic<std::uint32_t>;
static_assert(SharedWord::is_always_lock_free);

[[nodiscard]] bool isProcessAlive(std::uint32_t pid);

// Sleeps while the word is `seen`, for `time` at most; may wake early.
void sleepWhile(const SharedWord& word, std::uint32_t seen, std::chrono::nanoseconds time);
void wakeAll(SharedWord& word);

// Holds the word as a lock, by the process's id. A dead owner's lock is taken over; a living one's never, so taking it
// can fail.
class SharedLock {
public:
    SharedLock(SharedWord& word, std::chrono::milliseconds patience);
    ~SharedLock();
    SharedLock(const SharedLock&) = delete;
    SharedLock& operator=(const SharedLock&) = delete;

    [[nodiscard]] explicit operator bool() const { return m_taken; }
    // The one before died holding it: what it was doing may be half done.
    [[nodiscard]] bool tookOver() const { return m_tookOver; }

private:
    SharedWord& m_word;
    std::uint32_t m_me;
    bool m_taken = false;
    bool m_tookOver = false;
};

} // namespace mm::ipc
