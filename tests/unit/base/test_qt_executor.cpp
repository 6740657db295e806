// Tasks on an event loop: in order, and never so many at once that a socket waits for all of them.
#include "engine/base/qt_executor.h"

#include <QEventLoop>
#include <QSocketNotifier>
#include <QtTest>

#include <sys/eventfd.h>
#include <unistd.h>

#include <chrono>
#include <thread>

using namespace mm;

class TestQtExecutor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tasksRunInTheOrderTheyCame() {
        QtExecutor executor;
        QEventLoop loop;
        std::vector<int> order;
        std::thread other([&] {
            for (int i = 0; i < 1000; ++i)
                executor.post([&order, i] { order.push_back(i); });
            executor.post([&] { loop.quit(); });
        });
        loop.exec();
        other.join();
        QCOMPARE(order.size(), std::size_t{1000});
        QVERIFY(std::is_sorted(order.begin(), order.end()));
    }

    void aTaskMayWaitInALoopOfItsOwnForTheNext() {
        QtExecutor executor;
        QEventLoop loop;
        executor.post([&] {
            QEventLoop inner;
            executor.post([&] { inner.quit(); });
            inner.exec();
            loop.quit();
        });
        loop.exec();
    }

    void aSocketDoesNotWaitForAllTasks() {
        QtExecutor executor;
        QEventLoop loop;
        const int fd = ::eventfd(1, EFD_CLOEXEC); // readable
        QSocketNotifier socket(fd, QSocketNotifier::Read);
        bool isHeard = false;
        int after = 0;
        connect(&socket, &QSocketNotifier::activated, this, [&] {
            socket.setEnabled(false);
            isHeard = true;
        });
        for (int i = 0; i < 100; ++i)
            executor.post([&] {
                after += isHeard ? 1 : 0;
                const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(1);
                while (std::chrono::steady_clock::now() < end) {
                }
            });
        executor.post([&] { loop.quit(); });
        loop.exec();
        QVERIFY(after > 50);
        ::close(fd);
    }
};

QTEST_GUILESS_MAIN(TestQtExecutor)
#include "test_qt_executor.moc"
