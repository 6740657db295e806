// What keeps the GUI thread busy is told by its name, in the time that it computed and not in that it waited.
#include "gui/watch/watched_application.h"

#include <QTest>
#include <QThread>

#include <algorithm>

using mm::gui::BusyLog;
using mm::gui::threadCpuMs;
using mm::gui::WatchedApplication;

namespace {

constexpr double kMuch = 60; // ms

void compute() {
    const double until = threadCpuMs() + kMuch;
    while (threadCpuMs() < until) {
    }
}

} // namespace

class TestWatch : public QObject {
    Q_OBJECT

    static WatchedApplication& application() { return *static_cast<WatchedApplication*>(qApp); }
    // What is told of one task in the event loop.
    static BusyLog::Report reportOf(QObject& object, const std::function<void()>& task) {
        (void)application().log().take();
        QMetaObject::invokeMethod(&object, task, Qt::QueuedConnection);
        QCoreApplication::processEvents();
        return application().log().take();
    }

private Q_SLOTS:
    void initTestCase() { application().watch(); }

    void onlyTheWorstAreKeptAndTheLongestFirst() {
        BusyLog log;
        for (const double cpu : {3.0, 70.0, 1.0, 8.0, 2.0, 60.0, 5.0})
            log.note({2 * cpu, cpu, QString::number(cpu)});
        const BusyLog::Report report = log.take();
        QCOMPARE(report.events, 7);
        QCOMPARE(report.worst.size(), BusyLog::kWorst);
        QCOMPARE(report.worst.front().where, QStringLiteral("70"));
        QCOMPARE(report.worst.back().where, QStringLiteral("3"));
        QCOMPARE(report.longestCpuMs, 70.0);
        QCOMPARE(report.longestWallMs, 140.0);
        QCOMPARE(report.tooLongCpu, 2);
        QCOMPARE(log.take().events, 0);
    }

    void whatComputesIsNamed() {
        QObject culprit;
        culprit.setObjectName(QStringLiteral("culprit"));
        const BusyLog::Report report = reportOf(culprit, compute);
        QVERIFY(report.longestCpuMs >= kMuch);
        QCOMPARE(report.tooLongCpu, 1);
        QCOMPARE(report.worst.front().where, QStringLiteral("QObject culprit MetaCall"));
    }

    void waitingIsNotComputing() {
        QObject sleeper;
        const BusyLog::Report report = reportOf(sleeper, [] { QThread::msleep(static_cast<unsigned long>(kMuch)); });
        QVERIFY(report.longestWallMs >= kMuch - 1);
        QCOMPARE(report.tooLongCpu, 0);
    }

    void whatIsDoneWithinAnEventIsCountedOnce() {
        QObject outer;
        QObject inner;
        const BusyLog::Report report = reportOf(outer, [&inner] {
            QEvent event(QEvent::User);
            QCoreApplication::sendEvent(&inner, &event);
            compute();
        });
        QVERIFY(std::none_of(report.worst.begin(), report.worst.end(),
                             [](const auto& each) { return each.where.endsWith(QStringLiteral("User")); }));
    }

    void otherThreadsAreNotCounted() {
        QThread thread;
        thread.start();
        auto* there = new QObject;
        there->moveToThread(&thread);
        (void)application().log().take();
        QMetaObject::invokeMethod(there, compute, Qt::BlockingQueuedConnection);
        QCOMPARE(application().log().take().tooLongCpu, 0);
        there->deleteLater();
        thread.quit();
        thread.wait();
    }
};

int main(int argc, char** argv) {
    WatchedApplication application(argc, argv);
    TestWatch test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_watch.moc"
