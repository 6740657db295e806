// Tells systemd that the engine is ready, alive and stopping (sd_notify). Where systemd did not start the engine, every
// call does nothing. The watchdog is fed from the engine thread's timer: a stuck engine thread is a dead engine.
#pragma once

#include <QTimer>

#include <string>

namespace mm::app {

class SystemdNotifier {
public:
    void ready(const std::string& status);
    void stopping();

private:
    QTimer m_watchdog;
};

} // namespace mm::app
