// RecentLines: the last lines of the log, for a bug report. Bounded in number and bytes; the oldest go. Any thread.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <vector>

namespace mm::log {

class RecentLines {
public:
    explicit RecentLines(std::size_t mostLines = 2'000, std::size_t mostBytes = std::size_t{1} << 20)
        : m_mostLines(mostLines), m_mostBytes(mostBytes) {}

    void add(std::string line);
    // The oldest first.
    [[nodiscard]] std::vector<std::string> last(std::size_t most) const;

private:
    const std::size_t m_mostLines;
    const std::size_t m_mostBytes;
    mutable std::mutex m_mutex;
    std::deque<std::string> m_lines;
    std::size_t m_bytes = 0;
};

} // namespace mm::log
