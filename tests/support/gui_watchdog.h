// How long the GUI thread was busy at a stretch: the longest time from one turn of its event loop to the next that was
// late. A timer that should come every few milliseconds tells.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <algorithm>

namespace mm::test {

class GuiWatchdog : public QObject {
public:
    GuiWatchdog() {
        m_timer.setTimerType(Qt::PreciseTimer);
        m_timer.setInterval(kEvery);
        connect(&m_timer, &QTimer::timeout, this, [this] {
            m_longest = std::max(m_longest, m_since.restart() - kEvery);
            ++m_turns;
        });
        m_since.start();
        m_timer.start();
    }

    [[nodiscard]] qint64 longestMs() const { return m_longest; }
    [[nodiscard]] int turns() const { return m_turns; }
    void forget() {
        m_longest = 0;
        m_turns = 0;
        m_since.restart();
    }

private:
    static constexpr int kEvery = 5; // ms

    QTimer m_timer;
    QElapsedTimer m_since;
    qint64 m_longest = 0;
    int m_turns = 0;
};

} // namespace mm::test
