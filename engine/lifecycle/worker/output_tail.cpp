#include "engine/lifecycle/worker/output_tail.h"

#include <QString>

#include <algorithm>

namespace mm::lifecycle {

void OutputTail::append(std::string_view bytes) {
    while (!bytes.empty()) {
        const std::size_t newline = bytes.find('\n');
        const std::string_view piece = bytes.substr(0, newline);
        const std::size_t room = kLineBytes - std::min(kLineBytes, m_partial.size());
        m_partial.append(piece.substr(0, room));
        m_cut = m_cut || piece.size() > room;
        if (newline == std::string_view::npos)
            return;
        endLine();
        bytes.remove_prefix(newline + 1);
    }
}

void OutputTail::finish() {
    if (!m_partial.empty())
        endLine();
}

void OutputTail::endLine() {
    std::string line = QString::fromUtf8(m_partial.data(), static_cast<qsizetype>(m_partial.size())).toStdString();
    std::replace_if(
        line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
    while (!line.empty() && line.back() == ' ')
        line.pop_back();
    if (m_cut)
        line += "…";
    m_partial.clear();
    m_cut = false;
    if (line.empty())
        return;
    m_onLine(line);
    m_lines.push_back(std::move(line));
    if (m_lines.size() > kLines)
        m_lines.pop_front();
}

} // namespace mm::lifecycle
