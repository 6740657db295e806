#include "engine/lifecycle/policy/eviction_choice.h"
#include "tests/unit/lifecycle/planner_fixture.h"

#include <QTest>

using namespace mm;
using namespace mm::lifecycle;
using namespace mm::lifecycle::test;

using Names = std::vector<std::string>;

class TestLoadPlanner : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void loadsAtOnceWhatFits() {
        const LoadPlan planned = plan(house(1000, {held("a", 600)}), wanted("new", 400));
        QCOMPARE(planned.verdict, Verdict::LoadNow);
        QCOMPARE(planned.toLoad, 1);
        QCOMPARE(planned.devices.front().freeBytes, 400 * kMB);
        QCOMPARE(planned.expectedMs, 400.0);
        QVERIFY(planned.evictions.empty());
    }

    void doesNothingForWhatIsThereOrUnderWay() {
        QCOMPARE(plan(house(1000, {held("a", 600)}), wanted("a", 600)).verdict, Verdict::AlreadyLoaded);
        const LoadPlan loading = plan(house(1000, {in(Holding::Loading, held("a", 600))}), wanted("a", 600));
        QCOMPARE(loading.verdict, Verdict::AlreadyLoaded);
        QCOMPARE(loading.explanation, std::string("a@1 is being loaded already."));
    }

    void evictsTheLongestIdleFirstAndNoMoreThanNeeded() {
        const Snapshot snapshot = house(1000, {held("a", 300, 10), held("b", 300, 90), held("c", 300, 50)});
        QCOMPARE(evicted(plan(snapshot, wanted("new", 400))), Names{"b"});
        QCOMPARE(evicted(plan(snapshot, wanted("new", 500))), (Names{"b", "c"}));
        QCOMPARE(plan(snapshot, wanted("new", 400)).expectedMs, 550.0);
    }

    void sparesSmallOnesThatALargerOneMadeNeedless() {
        const Snapshot snapshot = house(1000, {held("small", 100, 90), held("large", 800, 50)});
        QCOMPARE(evicted(plan(snapshot, wanted("new", 500))), Names{"large"});
    }

    void theOrderOfAllNamesWhoMayGoAndWhoStays() {
        const Snapshot snapshot =
            house(1000, {held("a", 100, 10), pinned(held("b", 100, 90)), held("c", 100, 50), busy(held("d", 100), 2)});
        EvictionPolicies policies;
        registerAllPolicies(policies);
        const EvictionChoice order = orderEvictions(snapshot, *policies.find("lru").value());
        QCOMPARE(order.evictions.size(), std::size_t{2}); // although nothing is wanted
        QCOMPARE(order.evictions[0].modelId, snapshot.instances[2].modelId);
        QCOMPARE(order.evictions[1].modelId, snapshot.instances[0].modelId);
        QCOMPARE(order.stays.size(), std::size_t{2});
        QCOMPARE(order.stays[0].reason, std::string("pinned"));
        QCOMPARE(order.stays[1].reason, std::string("busy with 2 requests"));
    }

    void neverEvictsPinnedOrLoadingOnes() {
        const Snapshot snapshot =
            house(1000, {pinned(held("a", 300, 90)), in(Holding::Loading, held("b", 300, 90)), held("c", 300, 1)});
        const LoadPlan planned = plan(snapshot, wanted("new", 400));
        QCOMPARE(evicted(planned), Names{"c"});
        QCOMPARE(planned.stays.size(), std::size_t{2});
        QCOMPARE(planned.stays[0].reason, std::string("pinned"));
        QCOMPARE(planned.stays[1].reason, std::string("being loaded"));
    }

    void aRequestWaitsForBusyModelsAndSaysForWhat() {
        const Snapshot snapshot = house(1000, {busy(held("a", 450), 3), busy(held("b", 450))});
        const LoadPlan planned = plan(snapshot, wanted("new", 512));
        QCOMPARE(planned.verdict, Verdict::Wait);
        QVERIFY(planned.evictions.empty());
        QCOMPARE(planned.explanation,
                 std::string("waits for 512 MB on cpu; 100 MB of 1000 MB are free, and a@1 and b@1 are busy"));
        QCOMPARE(*planned.planAgainAt, kNow + std::chrono::seconds(2));
        QCOMPARE(planned.expectedMs, 0.0);
    }

    void aRequestThatWaitedTheMinimumStayDrainsABusyModel() {
        const Snapshot snapshot = house(1000, {busy(held("a", 900), 3)});
        const LoadPlan planned = plan(snapshot, wanted("new", 500, Cause::Request, 2));
        QCOMPARE(planned.verdict, Verdict::EvictThenLoad);
        QVERIFY(planned.evictions.front().busy);
        QVERIFY(planned.evictions.front().reason.ends_with("it goes when 3 requests have ended"));
    }

    void anAwaitedModelYieldsOnlyToWhatGoesBeforeItsRequests_data() {
        QTest::addColumn<int>("priority");
        QTest::addColumn<double>("waited");
        QTest::addColumn<bool>("drains");
        QTest::newRow("same, younger") << int{v1::PRIORITY_NORMAL} << 0.5 << false;
        QTest::newRow("same, older by less than the stay") << int{v1::PRIORITY_NORMAL} << 2.9 << false;
        QTest::newRow("same, older by the stay") << int{v1::PRIORITY_NORMAL} << 3.0 << true;
        QTest::newRow("lower, much older") << int{v1::PRIORITY_LOW} << 500.0 << false;
        QTest::newRow("higher, just come") << int{v1::PRIORITY_HIGH} << 0.0 << true;
    }
    void anAwaitedModelYieldsOnlyToWhatGoesBeforeItsRequests() {
        QFETCH(int, priority);
        QFETCH(double, waited);
        QFETCH(bool, drains);
        WantedLoad wish = wanted("new", 500, Cause::Request, waited);
        wish.urgency.priority = static_cast<v1::Priority>(priority);
        const LoadPlan planned = plan(house(1000, {awaited(held("a", 900), 1)}), wish);
        QCOMPARE(planned.verdict, drains ? Verdict::EvictThenLoad : Verdict::Wait);
        QCOMPARE(planned.evictions.size(), std::size_t(drains ? 1 : 0));
    }

    void idleOnesGoBeforeBusyOnes() {
        const Snapshot snapshot = house(1000, {busy(held("busy", 450, 90)), held("idle", 450, 1)});
        QCOMPARE(evicted(plan(snapshot, wanted("new", 500, Cause::Request, 60))), Names{"idle"});
    }

    void aFreshModelHasItsMinimumStay() {
        const Snapshot snapshot = house(1000, {young(held("a", 900, 0.5), 0.5)});
        const LoadPlan planned = plan(snapshot, wanted("new", 500));
        QCOMPARE(planned.verdict, Verdict::Wait);
        QCOMPARE(*planned.planAgainAt, kNow + std::chrono::milliseconds(1500));
        QCOMPARE(plan(snapshot, wanted("new", 500, Cause::Forced)).verdict, Verdict::EvictThenLoad);
    }

    void waitsForMemoryThatIsBeingGivenBackInsteadOfEvictingMore() {
        const Snapshot snapshot = house(1000, {in(Holding::Releasing, held("a", 500)), held("b", 400, 90)});
        const LoadPlan planned = plan(snapshot, wanted("new", 500));
        QCOMPARE(planned.verdict, Verdict::Wait);
        QVERIFY(planned.evictions.empty());
        QCOMPARE(planned.explanation, std::string("waits for 500 MB on cpu: a@1 is giving memory back"));
        QCOMPARE(evicted(plan(snapshot, wanted("new", 800))), Names{"b"});
    }

    void memoryPromisedToOthersIsNotFree() {
        Snapshot snapshot = house(1000, {held("a", 200, 1)});
        snapshot.instances.front().leases = 1;
        QCOMPARE(plan(snapshot, wanted("new", 500)).verdict, Verdict::LoadNow);
        snapshot.promised = {{kHostDevice, 600 * kMB}};
        const LoadPlan planned = plan(snapshot, wanted("new", 500));
        QCOMPARE(planned.verdict, Verdict::Wait);
        QCOMPARE(planned.devices.front().freeBytes, 200 * kMB);
    }

    void whatCanNeverFitIsRefusedWithTheNumbers() {
        const LoadPlan planned = plan(house(1000, {pinned(held("a", 300)), held("b", 300)}), wanted("new", 701));
        QCOMPARE(planned.verdict, Verdict::Refuse);
        QCOMPARE(planned.refusal->code, ErrorCode::InsufficientMemory);
        QCOMPARE(fact(*planned.refusal, "needed_bytes"), 701 * kMB);
        QCOMPARE(fact(*planned.refusal, "free_bytes"), 400 * kMB);
        QCOMPARE(fact(*planned.refusal, "budget_bytes"), 1000 * kMB);
        QCOMPARE(fact(*planned.refusal, "pinned_bytes"), 300 * kMB);
        QCOMPARE(std::get<std::string>(planned.refusal->facts.at("device")), std::string("cpu"));
        QCOMPARE(plan(house(1000, {pinned(held("a", 300)), held("b", 300)}), wanted("new", 700)).verdict,
                 Verdict::EvictThenLoad);
    }

    void aLoadWithoutForceEvictsNothingAndSaysWhatForceWould() {
        const Snapshot snapshot = house(1000, {held("a", 450, 10), held("b", 450, 90)});
        const LoadPlan without = plan(snapshot, wanted("new", 500, Cause::Operator));
        const LoadPlan with = plan(snapshot, wanted("new", 500, Cause::Forced));
        QCOMPARE(without.verdict, Verdict::Refuse);
        QVERIFY(without.refusal->message.find("Pass force to evict b@1") != std::string::npos);
        QCOMPARE(with.verdict, Verdict::EvictThenLoad);
        QCOMPARE(evicted(without), evicted(with));
        QCOMPARE(evicted(with), Names{"b"});
        QVERIFY(toProto(without).possible());
        QVERIFY(!toProto(without).fits());
    }

    void forceDrainsBusyModelsButNotThoseOfCriticalRequests() {
        const Snapshot snapshot =
            house(1000, {busy(held("a", 450), 2), awaited(held("b", 450), 5, v1::PRIORITY_CRITICAL)});
        QCOMPARE(evicted(plan(snapshot, wanted("new", 500, Cause::Forced))), Names{"a"});
        const LoadPlan both = plan(snapshot, wanted("new", 900, Cause::Forced));
        QCOMPARE(both.verdict, Verdict::Refuse);
        QVERIFY(both.refusal->message.find("b@1 (awaited for 5.0 s by a request of priority critical)") !=
                std::string::npos);
    }

    void theLimitOnLoadedModelsCountsModelsNotInstances() {
        Snapshot snapshot = house(1000, {held("a", 100, 10), held("b", 100, 90)});
        snapshot.instances.push_back(held("b", 100, 80));
        snapshot.instances.back().key.instance = 1;
        snapshot.maxLoadedModels = 3;
        QCOMPARE(plan(snapshot, wanted("new", 100)).verdict, Verdict::LoadNow);
        snapshot.maxLoadedModels = 2;
        const LoadPlan planned = plan(snapshot, wanted("new", 100));
        QCOMPARE(evicted(planned), (Names{"b", "b"}));
        QVERIFY2(planned.explanation.starts_with("new@1 needs a place among the 2 models that may be loaded, so b@1"),
                 planned.explanation.c_str());
        WantedLoad another = wanted("a", 100);
        another.instances = 2;
        QCOMPARE(plan(snapshot, another).verdict, Verdict::LoadNow);
    }

    void aLimitFullOfPinnedModelsRefuses() {
        Snapshot snapshot = house(1000, {pinned(held("a", 100))});
        snapshot.maxLoadedModels = 1;
        const LoadPlan planned = plan(snapshot, wanted("new", 100));
        QCOMPARE(planned.verdict, Verdict::Refuse);
        QCOMPARE(fact(*planned.refusal, "max_loaded_models"), 1);
    }

    void missingInstancesAreCountedTogether() {
        WantedLoad two = wanted("a", 300);
        two.instances = 3;
        const LoadPlan planned = plan(house(1000, {held("a", 300)}), two);
        QCOMPARE(planned.toLoad, 2);
        QCOMPARE(planned.devices.front().neededBytes, 600 * kMB);
        QCOMPARE(planned.verdict, Verdict::LoadNow);
    }

    void bothDevicesOfAGpuModelMustHaveRoom() {
        Snapshot snapshot = house(1000, {held("host", 950, 90), held("gpu", 10, 10)});
        snapshot.instances[1].bytes.push_back({"cuda:0", 700 * kMB});
        DeviceAccount gpu;
        gpu.device = "cuda:0";
        gpu.effectiveBytes = gpu.budgetBytes = 1000 * kMB;
        gpu.committedBytes = 700 * kMB;
        snapshot.devices.push_back(gpu);
        WantedLoad load = wanted("new", 20);
        load.need.push_back({"cuda:0", 500 * kMB, 0, 0, EstimateSource::Files});
        QCOMPARE(evicted(plan(snapshot, load)), Names{"gpu"});
        load.need.front().weightsBytes = 100 * kMB;
        QCOMPARE(evicted(plan(snapshot, load)), (Names{"host", "gpu"}));
        load.need.back().device = "cuda:7";
        QCOMPARE(plan(snapshot, load).refusal->code, ErrorCode::DeviceUnavailable);
    }
};

QTEST_GUILESS_MAIN(TestLoadPlanner)
#include "test_load_planner.moc"
