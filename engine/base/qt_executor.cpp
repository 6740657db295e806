#include "engine/base/qt_executor.h"

#include <QCoreApplication>
#include <QEvent>
#include <QThread>

#include <future>
#include <memory>
#include <utility>

namespace mm {

void QtExecutor::post(std::function<void()> task) {
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    QCoreApplication::postEvent(this, new QEvent(QEvent::User));
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

void QtExecutor::customEvent(QEvent*) {
    std::function<void()> task;
    {
        const std::lock_guard lock(m_mutex);
        if (m_tasks.empty())
            return;
        task = std::move(m_tasks.front());
        m_tasks.pop_front();
    }
    task();
}

} // namespace mm
