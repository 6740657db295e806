// WatchedApplication: the application, which can tell what keeps its GUI thread busy. Watching costs nothing until it
// is asked for.
#pragma once

#include "gui/watch/busy_log.h"

#include <QApplication>

namespace mm::gui {

// What a thread has computed so far.
double threadCpuMs();

class WatchedApplication : public QApplication {
public:
    using QApplication::QApplication;

    void watch() { m_isWatched = true; }
    [[nodiscard]] BusyLog& log() { return m_log; }

    // Of any thread, as every event of the program comes through here.
    bool notify(QObject* receiver, QEvent* event) override;

private:
    bool m_isWatched = false;
    bool m_isWithin = false; // an event, of which others are a part
    double m_lastCpuMs = 0;
    BusyLog m_log;
};

} // namespace mm::gui
