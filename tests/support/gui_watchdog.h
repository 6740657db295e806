// How long the GUI thread was busy at a stretch: the longest time from one turn of its event loop to the next that was
// late. A timer that should come every few milliseconds tells. What the thread computed meanwhile says the same without
// the other programs of the machine, so that a test may insist on it.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <algorithm>
#include <ctime>

namespace mm::test {

class GuiWatchdog : public QObject {
public:
    GuiWatchdog() {
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setInterval(kEvery);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            m_longest = std::max(m_longest, m_since.restart() - kEvery);
            const double now = cpuMs();
            m_longestCpu = std::max(m_longestCpu, now - m_cpu);
            m_cpu = now;
            ++m_turns;
        });
        m_cpu = cpuMs();
        m_since.start();
        m_timer.start();
    }

    [[nodiscard]] qint64 longestMs() const { return m_longest; }
    [[nodiscard]] double longestCpuMs() const { return m_longestCpu; }
    [[nodiscard]] int turns() const { return m_turns; }
    void forget() {
        m_longest = 0;
        m_longestCpu = 0;
        m_cpu = cpuMs();
        m_turns = 0;
        m_since.restart();
    }

private:
    static constexpr int kEvery = 5; // ms

    static double cpuMs() {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    }

    QTimer m_timer;
    QElapsedTimer m_since;
    qint64 m_longest = 0;
    double m_cpu = 0;
    double m_longestCpu = 0;
    int m_turns = 0;
};

} // namespace mm::test
