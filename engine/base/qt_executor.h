// An Executor over a Qt thread's event loop. Made on the thread it stands for, or moved there with moveToThread().
// Tasks wait in a queue of its own, under a lock that thread sanitizers see. The loop hears of them as it hears of a
// socket, and gives them no more than a moment of each of its turns: many tasks at once do not hold up the sockets that
// have something meanwhile. What still waits when it is destroyed never runs.
#pragma once

#include "engine/base/executor.h"

#include <QObject>
#include <QSocketNotifier>

#include <deque>
#include <mutex>

namespace mm {

class QtExecutor final : public QObject, public Executor {
public:
    explicit QtExecutor(QObject* parent = nullptr);
    ~QtExecutor() override;
    void post(std::function<void()> task) override;
    // Runs the task there and returns when it is done; not from that thread itself.
    void runAndWait(const std::function<void()>& task);
    [[nodiscard]] bool isCurrent() const override;

private:
    void runSome();
    [[nodiscard]] std::function<void()> next();

    const int m_bell; // an eventfd, readable while tasks wait
    QSocketNotifier m_rung;
    std::mutex m_mutex;
    std::deque<std::function<void()>> m_tasks;
    bool m_isRinging = false;
};

} // namespace mm
