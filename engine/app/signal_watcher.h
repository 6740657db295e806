// SIGTERM, SIGINT and SIGHUP as calls on the engine thread. Made before any other thread starts, since it blocks the
// signals for all of them; one per process.
#pragma once

#include "engine/base/result.h"

#include <QSocketNotifier>

#include <functional>
#include <memory>

namespace mm::app {

class SignalWatcher {
public:
    // `stop` is called at each of the signals, with its name.
    static Result<std::unique_ptr<SignalWatcher>> create(std::function<void(const char* signal)> stop);
    ~SignalWatcher();
    SignalWatcher(const SignalWatcher&) = delete;
    SignalWatcher& operator=(const SignalWatcher&) = delete;

private:
    SignalWatcher(int descriptor, std::function<void(const char*)> stop);
    void read();

    int m_descriptor;
    std::function<void(const char*)> m_stop;
    QSocketNotifier m_notifier;
};

} // namespace mm::app
