// How long a model stays: keep-alive of requests and of the configuration, the engine's idle time, pins. Time is the
// test's.
#include "engine/lifecycle/policy/serving_config.h"
#include "tests/support/worker_house.h"

#include <QTest>

using namespace mm;
using namespace mm::lifecycle;
using mm::test::WorkerHouse;
using namespace std::chrono_literals;

namespace {

const std::string kKey = "org/model@1";

// A base of its own, so that it outlives the house, whose workers look at it until they are gone.
struct TurnedClock {
    test::ManualClock time;
};

struct IdleHouse : TurnedClock, WorkerHouse {
    explicit IdleHouse(std::chrono::milliseconds idleUnload = 0ms) {
        manualClock = &time;
        options.idleUnload = idleUnload;
        script(kKey, "{}");
    }
    void use(std::optional<std::chrono::seconds> keepAlive = std::nullopt) {
        auto lease = acquire(kKey);
        QVERIFY(lease.ok());
        time.advance(1ms);
        QVERIFY(run(*lease, "x").ok());
        lease->setKeepAlive(keepAlive);
    }
    void pass(std::chrono::milliseconds by) {
        time.advance(by);
        manager().tick();
    }
    bool loaded() { return status(kKey).state() == v1::MODEL_STATE_LOADED; }
};

} // namespace

class TestKeeping : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void withoutAnIdleTimeAModelStays();
    void anUnusedModelGoesAfterTheIdleTimeAndSaysWhy();
    void aUseBeginsTheIdleTimeAnew();
    void keepAliveZeroUnloadsAfterTheRequest();
    void keepAliveZeroWaitsForRequestsThatStillRun();
    void aNegativeKeepAliveKeepsTheModel();
    void theLastRequestHasTheSay();
    void theConfigurationsKeepAliveCountsBeforeTheEngines();
    void aPinnedModelIsNeverIdle();
    void theConfigurationCanPin();
    void statusTellsWhenItGoes();
};

void TestKeeping::withoutAnIdleTimeAModelStays() {
    IdleHouse house;
    house.make();
    house.use();
    house.pass(24h);
    QVERIFY(house.loaded());
    QVERIFY(!house.status(kKey).has_idle_unload_at());
}

void TestKeeping::anUnusedModelGoesAfterTheIdleTimeAndSaysWhy() {
    IdleHouse house(60s);
    house.make();
    house.use();
    house.pass(59s);
    QVERIFY(house.loaded());
    house.pass(2s);
    QVERIFY(house.awaitState(kKey, v1::MODEL_STATE_UNLOADED));
    QCOMPARE(house.status(kKey).reason(), std::string("unloaded: not used for 61 s"));
}

void TestKeeping::aUseBeginsTheIdleTimeAnew() {
    IdleHouse house(60s);
    house.make();
    house.use();
    house.pass(50s);
    house.use();
    house.pass(50s);
    QVERIFY(house.loaded());
}

void TestKeeping::keepAliveZeroUnloadsAfterTheRequest() {
    IdleHouse house;
    house.make();
    house.use(0s);
    QVERIFY(house.awaitState(kKey, v1::MODEL_STATE_UNLOADED));
    QCOMPARE(house.history(kKey), std::string("unloaded loading loaded draining unloaded"));
}

void TestKeeping::keepAliveZeroWaitsForRequestsThatStillRun() {
    IdleHouse house;
    house.make();
    auto other = house.acquire(kKey);
    house.use(0s);
    house.manager().tick();
    QVERIFY(house.loaded());
    QVERIFY(WorkerHouse::run(*other, "x").ok());
    other->setKeepAlive(0s);
    other->release();
    QVERIFY(house.awaitState(kKey, v1::MODEL_STATE_UNLOADED));
}

void TestKeeping::aNegativeKeepAliveKeepsTheModel() {
    IdleHouse house(60s);
    house.make();
    house.use(-1s);
    house.pass(24h);
    QVERIFY(house.loaded());
}

void TestKeeping::theLastRequestHasTheSay() {
    IdleHouse house(60s);
    house.make();
    house.use(-1s);
    house.use();
    house.pass(61s);
    QVERIFY(house.awaitState(kKey, v1::MODEL_STATE_UNLOADED));
}

void TestKeeping::theConfigurationsKeepAliveCountsBeforeTheEngines() {
    IdleHouse house(60s);
    house.make();
    house.configure(kKey, R"("keep_alive_seconds": 600)");
    house.use();
    house.pass(599s);
    QVERIFY(house.loaded());
    house.pass(2s);
    QVERIFY(house.awaitState(kKey, v1::MODEL_STATE_UNLOADED));
}

void TestKeeping::aPinnedModelIsNeverIdle() {
    IdleHouse house(60s);
    house.make();
    house.use();
    QVERIFY(house.manager().setPinned(kKey, true).ok());
    house.pass(24h);
    QVERIFY(house.loaded());
    QVERIFY(house.manager().setPinned(kKey, false).ok());
    QVERIFY(house.awaitState(kKey, v1::MODEL_STATE_UNLOADED));
}

void TestKeeping::theConfigurationCanPin() {
    IdleHouse house(60s);
    house.make();
    house.configure(kKey, R"("pinned": true)");
    QVERIFY(house.status(kKey).pinned());
    house.use();
    QVERIFY(house.status(kKey).pinned());
    house.pass(24h);
    QVERIFY(house.loaded());
}

void TestKeeping::statusTellsWhenItGoes() {
    IdleHouse house(60s);
    house.make();
    house.use();
    const auto status = house.status(kKey);
    QCOMPARE(status.idle_unload_at().seconds() - status.last_used_at().seconds(), std::int64_t(60));
}

QTEST_GUILESS_MAIN(TestKeeping)
#include "test_keeping.moc"
