#include "engine/app/signal_watcher.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

namespace mm::app {

Result<std::unique_ptr<SignalWatcher>> SignalWatcher::create(std::function<void(const char*)> stop) {
    sigset_t signals;
    sigemptyset(&signals);
    for (const int number : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&signals, number);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    const int descriptor = ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor < 0)
        return Error{ErrorCode::InternalError, std::string("cannot watch for signals: ") + std::strerror(errno)};
    return std::unique_ptr<SignalWatcher>(new SignalWatcher(descriptor, std::move(stop)));
}

SignalWatcher::SignalWatcher(int descriptor, std::function<void(const char*)> stop)
    : m_descriptor(descriptor), m_stop(std::move(stop)), m_notifier(descriptor, QSocketNotifier::Read) {
    QObject::connect(&m_notifier, &QSocketNotifier::activated, &m_notifier, [this] { read(); });
}

SignalWatcher::~SignalWatcher() {
    m_notifier.setEnabled(false);
    ::close(m_descriptor);
}

void SignalWatcher::read() {
    signalfd_siginfo info{};
    while (::read(m_descriptor, &info, sizeof info) == static_cast<ssize_t>(sizeof info))
        m_stop(info.ssi_signo == SIGTERM ? "SIGTERM" : info.ssi_signo == SIGINT ? "SIGINT" : "SIGHUP");
}

} // namespace mm::app
