#include "engine/lifecycle/policy/idle_policy.h"
#include "tests/unit/lifecycle/planner_fixture.h"

#include <QTest>

using namespace mm;
using namespace mm::lifecycle;
using namespace mm::lifecycle::test;

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const IdleOptions kOptions{seconds(100), seconds(2)};

IdleView idle(double idleSeconds, std::optional<KeepAlive> keepAlive = std::nullopt) {
    return {held("a", 100, idleSeconds), keepAlive};
}

} // namespace

class TestIdlePolicy : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goesAfterTheEnginesIdleTimeUnlessAskedOtherwise() {
        QCOMPARE(*idleUnloadAt(idle(60), kOptions), kNow + seconds(40));
        QCOMPARE(*idleUnloadAt(idle(60, seconds(70)), kOptions), kNow + seconds(10));
        QVERIFY(!idleUnloadAt(idle(60, seconds(-1)), kOptions));
        QVERIFY(!idleUnloadAt(idle(60), {milliseconds(0), seconds(2)}));
        QVERIFY(idleUnloadAt(idle(60, seconds(70)), {milliseconds(0), seconds(2)}));
    }

    void aKeepAliveOfZeroEndsItAfterItsUseNotBefore() {
        IdleView view = idle(0.1, KeepAlive(0));
        view.instance.loadedAt = secondsAgo(1);
        QCOMPARE(*idleUnloadAt(view, kOptions), secondsAgo(0.1));
        view.instance.lastUsedAt = view.instance.loadedAt;
        QCOMPARE(*idleUnloadAt(view, kOptions), kNow + seconds(1));
    }

    void theMinimumStayHolds() {
        IdleView view = idle(0.5, milliseconds(100));
        view.instance.loadedAt = secondsAgo(0.5);
        QCOMPARE(*idleUnloadAt(view, kOptions), kNow + milliseconds(1500));
    }

    void pinnedLeasedAwaitedAndUnfinishedOnesStay() {
        const IdleView view = idle(1000, KeepAlive(0));
        for (const InstanceView& instance :
             {pinned(view.instance), busy(view.instance), awaited(view.instance, 1),
              in(Holding::Loading, view.instance), in(Holding::Releasing, view.instance)})
            QVERIFY(!idleUnloadAt({instance, view.keepAlive}, kOptions));
    }

    void decidesWhoGoesNowAndWhenToLookAgain() {
        IdleView longest = idle(300);
        longest.instance.key.model = "z@1";
        IdleView atOnce = idle(5, KeepAlive(0));
        atOnce.instance.key.model = "b@1";
        const IdleDecision decision = decideIdle({idle(60), atOnce, longest, idle(90)}, kOptions, kNow);
        QCOMPARE(decision.unloads.size(), std::size_t{2});
        QCOMPARE(decision.unloads[0].key.model, std::string("z@1"));
        QCOMPARE(decision.unloads[0].reason, std::string("not used for 300 s"));
        QCOMPARE(decision.unloads[1].reason, std::string("its last request asked for that"));
        QCOMPARE(*decision.decideAgainAt, kNow + seconds(10));
        QVERIFY(!decideIdle({}, kOptions, kNow).decideAgainAt);
    }
};

QTEST_GUILESS_MAIN(TestIdlePolicy)
#include "test_idle_policy.moc"
