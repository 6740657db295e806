#include "engine/base/qt_executor.h"

#include <QThread>

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <future>
#include <memory>
#include <system_error>
#include <utility>

namespace mm {
namespace {

// Of one turn of the loop. A turn costs some microseconds, and what a socket brings may be a question after health.
constexpr std::chrono::microseconds kMoment{200};

int makeBell() {
    const int bell = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (bell < 0)
        throw std::system_error(errno, std::system_category(), "eventfd");
    return bell;
}

} // namespace

QtExecutor::QtExecutor(QObject* parent)
    : QObject(parent), m_bell(makeBell()), m_rung(m_bell, QSocketNotifier::Read, this) {
    connect(&m_rung, &QSocketNotifier::activated, this, [this] { runSome(); });
}

QtExecutor::~QtExecutor() {
    m_rung.setEnabled(false);
    const std::lock_guard lock(m_mutex); // after the last look for tasks; the sanitizer does not see Qt's threads end
    ::close(m_bell);
}

void QtExecutor::post(std::function<void()> task) {
    const std::lock_guard lock(m_mutex);
    m_tasks.push_back(std::move(task));
    if (std::exchange(m_isRinging, true))
        return;
    const std::uint64_t one = 1;
    (void)!::write(m_bell, &one, sizeof one); // cannot be full: it is rung once until it is heard
}

void QtExecutor::runAndWait(const std::function<void()>& task) {
    const auto done = std::make_shared<std::promise<void>>();
    post([&task, done] {
        task();
        done->set_value();
    });
    done->get_future().wait();
}

bool QtExecutor::isCurrent() const {
    return QThread::currentThread() == thread();
}

// A task may have an event loop of its own, which then comes here too, for the tasks behind it; or it may move this
// away.
void QtExecutor::runSome() {
    const auto end = std::chrono::steady_clock::now() + kMoment;
    do {
        const std::function<void()> task = next();
        if (!task)
            return;
        task();
    } while (isCurrent() && std::chrono::steady_clock::now() < end);
}

std::function<void()> QtExecutor::next() {
    const std::lock_guard lock(m_mutex);
    if (m_tasks.empty()) {
        std::uint64_t ignored = 0;
        (void)!::read(m_bell, &ignored, sizeof ignored);
        m_isRinging = false;
        return {};
    }
    std::function<void()> task = std::move(m_tasks.front());
    m_tasks.pop_front();
    return task;
}

} // namespace mm
