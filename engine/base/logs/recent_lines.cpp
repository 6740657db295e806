#include "engine/base/logs/recent_lines.h"

#include <algorithm>
#include <utility>

namespace mm::log {

void RecentLines::add(std::string line) {
    const std::lock_guard lock(m_mutex);
    m_bytes += line.size();
    m_lines.push_back(std::move(line));
    while (m_lines.size() > m_mostLines || (m_bytes > m_mostBytes && m_lines.size() > 1)) {
        m_bytes -= m_lines.front().size();
        m_lines.pop_front();
    }
}

std::vector<std::string> RecentLines::last(std::size_t most) const {
    const std::lock_guard lock(m_mutex);
    const std::size_t count = std::min(most, m_lines.size());
    return {m_lines.end() - static_cast<std::ptrdiff_t>(count), m_lines.end()};
}

} // namespace mm::log
