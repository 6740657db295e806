// LocalEventService: a reader counts while somebody holds it, and leaves nothing behind.
#include "engine/events/event_log.h"
#include "engine/service/events/local_event_service.h"
#include "tests/support/manual_clock.h"

#include <QtTest>

#include <deque>
#include <memory>
#include <utility>

namespace type = mm::events::type;
using Watch = mm::service::EventService::Watch;

namespace {

class Later final : public mm::Executor {
public:
    void post(std::function<void()> task) override { m_tasks.push_back(std::move(task)); }
    [[nodiscard]] bool isCurrent() const override { return true; }
    void runAll() {
        while (!m_tasks.empty()) {
            const auto task = std::move(m_tasks.front());
            m_tasks.pop_front();
            task();
        }
    }

private:
    std::deque<std::function<void()>> m_tasks;
};

struct House {
    Watch watch() {
        Watch made;
        service.watch({}, [&](const mm::Result<Watch>& watch) { made = watch.ok() ? *watch : Watch(); });
        engine.runAll();
        return made;
    }

    mm::test::ManualClock clock;
    mm::events::EventLog log{{}, clock};
    Later engine;
    mm::service::LocalEventService service{engine, log};
};

} // namespace

class TestLocalEventService : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aReaderIsReadAsLongAsItIsHeld() {
        House house;
        Watch watch = house.watch();
        const Watch again = watch;
        watch.reset();
        house.engine.runAll();
        house.log.publish(type::kEngineStopping, {});
        QCOMPARE(again->take(2).events.size(), std::size_t(1));
        QCOMPARE(house.log.readers(), std::size_t(1));
    }

    void theLogHearsThatAReaderHasGone() {
        House house;
        house.watch().reset();
        QCOMPARE(house.log.readers(), std::size_t(1)); // it is told on its own thread
        house.engine.runAll();
        QCOMPARE(house.log.readers(), std::size_t(0));
    }

    // Whoever is called when there is something to read has to find the watch again, and refers to it weakly.
    void aListenerThatRefersToItsWatchDoesNotKeepIt() {
        House house;
        const auto alive = std::make_shared<int>();
        Watch watch = house.watch();
        watch->whenReady([again = std::weak_ptr(watch), alive] {});
        watch.reset();
        house.engine.runAll();
        QCOMPARE(alive.use_count(), 1L);
    }
};

QTEST_GUILESS_MAIN(TestLocalEventService)
#include "test_local_event_service.moc"
