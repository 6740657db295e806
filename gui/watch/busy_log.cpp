#include "gui/watch/busy_log.h"

#include <algorithm>
#include <utility>

namespace mm::gui {

bool BusyLog::isWorst(double cpuMs) const {
    return m_report.worst.size() < kWorst || cpuMs > m_report.worst.back().cpuMs;
}

void BusyLog::note(BusyStretch stretch) {
    ++m_report.events;
    m_report.cpuMs += stretch.cpuMs;
    m_report.longestWallMs = std::max(m_report.longestWallMs, stretch.wallMs);
    m_report.longestCpuMs = std::max(m_report.longestCpuMs, stretch.cpuMs);
    m_report.tooLongWall += stretch.wallMs > kTooLongMs ? 1 : 0;
    m_report.tooLongCpu += stretch.cpuMs > kTooLongMs ? 1 : 0;
    if (!isWorst(stretch.cpuMs))
        return;
    auto& worst = m_report.worst;
    const auto place =
        std::find_if(worst.begin(), worst.end(), [&](const BusyStretch& each) { return stretch.cpuMs > each.cpuMs; });
    worst.insert(place, std::move(stretch));
    if (worst.size() > kWorst)
        worst.pop_back();
}

BusyLog::Report BusyLog::take() {
    return std::exchange(m_report, {});
}

} // namespace mm::gui
