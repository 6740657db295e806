// A reader's queue between two threads.
#include "engine/events/event_watch.h"

#include <QTest>

#include <condition_variable>
#include <thread>

using namespace mm;
using namespace mm::events;

namespace {

EventPtr eventOf(std::int64_t id) {
    auto made = std::make_shared<v1::Event>();
    made->set_id(id);
    return made;
}

} // namespace

class TestEventWatch : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readyIsCalledOnceUntilItIsAskedForAgain();
    void readyIsCalledAtOnceWhereThereIsSomething();
    void whatIsRememberedDoesNotCountAgainstTheReader();
    void aReaderOnAnotherThreadGetsAllInOrder();
    void anEndReachesAReaderOnAnotherThread();
};

void TestEventWatch::readyIsCalledOnceUntilItIsAskedForAgain() {
    EventWatch watch(EventFilter(), {}, 10);
    int calls = 0;
    watch.whenReady([&] { ++calls; });
    QVERIFY(watch.offer(eventOf(1)));
    QVERIFY(watch.offer(eventOf(2)));
    QCOMPARE(calls, 1);
    QCOMPARE(watch.take(10).events.size(), std::size_t(2));
    watch.whenReady([&] { ++calls; });
    QCOMPARE(calls, 1);
    watch.finish();
    QCOMPARE(calls, 2);
    QVERIFY(!watch.offer(eventOf(3)));
}

void TestEventWatch::readyIsCalledAtOnceWhereThereIsSomething() {
    EventWatch watch(EventFilter(), {eventOf(1)}, 10);
    int calls = 0;
    watch.whenReady([&] { ++calls; });
    QCOMPARE(calls, 1);
    (void)watch.take(10);
    watch.close({ErrorCode::ServiceUnavailable, "over"});
    watch.whenReady([&] { ++calls; });
    QCOMPARE(calls, 2);
    watch.close({ErrorCode::InternalError, "a second end"});
    QCOMPARE(watch.take(1).error->code, ErrorCode::ServiceUnavailable);
}

void TestEventWatch::whatIsRememberedDoesNotCountAgainstTheReader() {
    EventWatch watch(EventFilter(), {eventOf(1), eventOf(2), eventOf(3)}, 2);
    QVERIFY(watch.offer(eventOf(4)));
    QCOMPARE(watch.take(1).events.size(), std::size_t(1));
    QVERIFY(watch.offer(eventOf(5)));
    QVERIFY(!watch.offer(eventOf(6)));
}

void TestEventWatch::aReaderOnAnotherThreadGetsAllInOrder() {
    constexpr std::int64_t kEvents = 20'000;
    EventWatch watch(EventFilter(), {}, kEvents);
    std::int64_t last = 0;
    bool inOrder = true;
    std::thread reader([&] {
        std::mutex mutex;
        std::condition_variable changed;
        bool ready = false;
        for (bool over = false; !over;) {
            watch.whenReady([&] {
                const std::lock_guard lock(mutex);
                ready = true;
                changed.notify_one();
            });
            {
                std::unique_lock lock(mutex);
                changed.wait(lock, [&] { return ready; });
                ready = false;
            }
            const auto taken = watch.take(7);
            for (const EventPtr& one : taken.events)
                inOrder = inOrder && one->id() == ++last;
            over = taken.over;
        }
    });
    for (std::int64_t id = 1; id <= kEvents; ++id)
        QVERIFY(watch.offer(eventOf(id)));
    watch.finish();
    reader.join();
    QVERIFY(inOrder);
    QCOMPARE(last, kEvents);
}

void TestEventWatch::anEndReachesAReaderOnAnotherThread() {
    EventWatch watch(EventFilter(), {}, 1);
    std::mutex mutex;
    std::condition_variable changed;
    bool ready = false;
    watch.whenReady([&] {
        const std::lock_guard lock(mutex);
        ready = true;
        changed.notify_one();
    });
    std::thread closer([&] { watch.close({ErrorCode::ServiceUnavailable, "over"}); });
    {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return ready; });
    }
    closer.join();
    QVERIFY(watch.take(1).over);
}

QTEST_GUILESS_MAIN(TestEventWatch)
#include "test_event_watch.moc"
