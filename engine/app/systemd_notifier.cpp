#include "engine/app/systemd_notifier.h"

#include <systemd/sd-daemon.h>

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace mm::app {

void SystemdNotifier::ready(const std::string& status) {
    sd_notify(0, ("READY=1\nSTATUS=" + status).c_str());
    std::uint64_t microseconds = 0;
    if (sd_watchdog_enabled(0, &microseconds) <= 0)
        return;
    QObject::connect(&m_watchdog, &QTimer::timeout, &m_watchdog, [] { sd_notify(0, "WATCHDOG=1"); });
    m_watchdog.start(std::chrono::milliseconds(std::max<std::uint64_t>(1, microseconds / 3000)));
}

void SystemdNotifier::stopping() {
    sd_notify(0, "STOPPING=1");
}

} // namespace mm::app
