// LineWriter: writes lines to a descriptor from a thread of its own, so that whoever has something to say never waits
// for whoever reads it. What waits is bounded; above that, lines are dropped, and how many is said once there is room.
// Safe from any thread. Destroying it writes what still waits, for `patience` at most.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace mm {

class LineWriter {
public:
    struct Options {
        std::size_t mostBytes = std::size_t(1) << 20U;
        std::chrono::milliseconds patience{1'000};
        // The line that says how many were dropped.
        std::function<std::string(std::int64_t)> dropped;
    };

    // The descriptor stays the caller's.
    LineWriter(int descriptor, Options options);
    ~LineWriter();
    LineWriter(const LineWriter&) = delete;
    LineWriter& operator=(const LineWriter&) = delete;

    // Without its newline.
    void write(std::string line);

private:
    void run();
    // False where the writer is to end and its patience is over.
    bool put(const std::string& bytes);
    [[nodiscard]] bool awaitRoom();

    const int m_descriptor;
    const Options m_options;
    std::mutex m_mutex;
    std::condition_variable m_news;
    std::deque<std::string> m_lines;
    std::size_t m_bytes = 0;
    std::int64_t m_dropped = 0;
    bool m_ending = false;
    std::chrono::steady_clock::time_point m_deadline;
    std::thread m_thread; // last: it uses all of the above
};

} // namespace mm
