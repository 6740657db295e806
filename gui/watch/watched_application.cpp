#include "gui/watch/watched_application.h"

#include <QElapsedTimer>
#include <QEvent>
#include <QMetaEnum>
#include <QThread>

#include <ctime>

namespace mm::gui {
namespace {

QString nameOf(const char* type, const QString& object, int event) {
    const char* key = QMetaEnum::fromType<QEvent::Type>().valueToKey(event);
    QString name = QString::fromLatin1(type);
    if (!object.isEmpty())
        name += QLatin1Char(' ') + object;
    return name + QLatin1Char(' ') + (key != nullptr ? QString::fromLatin1(key) : QString::number(event));
}

} // namespace

double threadCpuMs() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

bool WatchedApplication::notify(QObject* receiver, QEvent* event) {
    if (!m_isWatched || QThread::currentThread() != thread() || m_isWithin)
        return QApplication::notify(receiver, event);
    m_isWithin = true;
    // Both may be gone when it is over.
    const char* type = receiver->metaObject()->className();
    const QString object = receiver->objectName();
    const int kind = event->type();
    const double began = threadCpuMs();
    if (m_lastCpuMs > 0) // what Qt does itself between two events: reading from the display, writing to it
        m_log.note({0, began - m_lastCpuMs,
                    m_log.isWorst(began - m_lastCpuMs) ? QStringLiteral("between events") : QString()});
    QElapsedTimer wall;
    wall.start();
    const bool isTaken = QApplication::notify(receiver, event);
    m_lastCpuMs = threadCpuMs();
    const double cpu = m_lastCpuMs - began;
    m_log.note({static_cast<double>(wall.nsecsElapsed()) / 1e6, cpu,
                m_log.isWorst(cpu) ? nameOf(type, object, kind) : QString()});
    m_isWithin = false;
    return isTaken;
}

} // namespace mm::gui
