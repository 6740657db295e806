// An Executor over a Qt thread's event loop. Made on the thread it stands for, or moved there with moveToThread().
// Tasks wait in a queue of its own, under a lock that thread sanitizers see; Qt's event loop is only told to come.
// What still waits when it is destroyed never runs.
#pragma once

#include "engine/base/executor.h"

#include <QObject>

#include <deque>
#include <mutex>

namespace mm {

class QtExecutor final : public QObject, public Executor {
public:
    explicit QtExecutor(QObject* parent = nullptr) : QObject(parent) {}
    void post(std::function<void()> task) override;
    // Runs the task there and returns when it is done; not from that thread itself.
    void runAndWait(const std::function<void()>& task);
    [[nodiscard]] bool isCurrent() const override;

protected:
    // One call for each task, so that a task with an event loop of its own does not hold up the others.
    void customEvent(QEvent* event) override;

private:
    std::mutex m_mutex;
    std::deque<std::function<void()>> m_tasks;
};

} // namespace mm
