// Random houses against the rules that hold for every plan.
#include "tests/unit/lifecycle/planner_fixture.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>

using namespace mm;
using namespace mm::lifecycle;
using namespace mm::lifecycle::test;

namespace {

class Dice {
public:
    explicit Dice(unsigned seed) : m_engine(seed) {}
    int upTo(int most) { return std::uniform_int_distribution<int>(0, most)(m_engine); }
    bool oneIn(int n) { return upTo(n - 1) == 0; }
    v1::Priority priority() { return static_cast<v1::Priority>(1 + upTo(3)); }

private:
    std::mt19937 m_engine;
};

Snapshot randomHouse(Dice& dice) {
    std::vector<InstanceView> instances;
    const int models = dice.upTo(7);
    for (int i = 0; i < models; ++i) {
        InstanceView view = held("m" + std::to_string(i), 50 + dice.upTo(300), dice.upTo(100));
        view.uses = dice.upTo(50) / 10.0;
        view.reloadMs = dice.upTo(2000);
        if (dice.oneIn(4))
            view = young(view, dice.upTo(30) / 10.0);
        if (dice.oneIn(5))
            view.pinned = true;
        if (dice.oneIn(3))
            view = busy(view, 1 + dice.upTo(3), dice.priority());
        if (dice.oneIn(3))
            view = awaited(view, dice.upTo(100) / 10.0, dice.priority());
        if (dice.oneIn(6))
            view.holding = dice.oneIn(2) ? Holding::Loading : Holding::Releasing;
        instances.push_back(view);
        if (dice.oneIn(4)) {
            view.key.instance = 1;
            instances.push_back(view);
        }
    }
    Snapshot snapshot = house(400 + dice.upTo(1500), std::move(instances));
    snapshot.maxLoadedModels = dice.oneIn(3) ? 1 + dice.upTo(6) : 0;
    if (dice.oneIn(5))
        snapshot.promised = {{kHostDevice, dice.upTo(200) * kMB}};
    return snapshot;
}

WantedLoad randomWish(Dice& dice) {
    WantedLoad load = wanted("new", 50 + dice.upTo(900), static_cast<Cause>(dice.upTo(2)), dice.upTo(150) / 10.0);
    load.urgency.priority = dice.priority();
    load.instances = 1 + dice.upTo(1);
    return load;
}

const InstanceView& find(const Snapshot& snapshot, const InstanceKey& key) {
    return *std::find_if(snapshot.instances.begin(), snapshot.instances.end(),
                         [&](const InstanceView& view) { return view.key == key; });
}

// The device's bytes when the plan has been carried out.
std::int64_t after(const Snapshot& snapshot, const LoadPlan& plan) {
    std::int64_t bytes = bytesOn(snapshot.promised, kHostDevice) + plan.devices.front().neededBytes;
    for (const InstanceView& view : snapshot.instances)
        if (view.holding != Holding::Releasing)
            bytes += bytesOn(view.bytes, kHostDevice);
    for (const PlannedEviction& eviction : plan.evictions)
        bytes -= bytesOn(eviction.freed, kHostDevice);
    return bytes;
}

int modelsAfter(const Snapshot& snapshot, const LoadPlan& plan) {
    std::map<std::string, int> left{{"new@1", 1}};
    for (const InstanceView& view : snapshot.instances)
        if (view.holding != Holding::Releasing)
            ++left[view.key.model];
    for (const PlannedEviction& eviction : plan.evictions)
        --left[eviction.key.model];
    return static_cast<int>(std::count_if(left.begin(), left.end(), [](const auto& each) { return each.second > 0; }));
}

QByteArray name(unsigned seed) {
    return "seed " + QByteArray::number(seed);
}

constexpr unsigned kHouses = 4000;

} // namespace

class TestLoadPlannerRules : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noPlanOvershootsTheBudgetOrTheLimitOnModels() {
        for (unsigned seed = 0; seed < kHouses; ++seed) {
            Dice dice(seed);
            const Snapshot snapshot = randomHouse(dice);
            const LoadPlan planned = plan(snapshot, randomWish(dice));
            if (planned.verdict != Verdict::LoadNow && planned.verdict != Verdict::EvictThenLoad)
                continue;
            QVERIFY2(after(snapshot, planned) <= snapshot.devices.front().effectiveBytes, name(seed).constData());
            QVERIFY2(snapshot.maxLoadedModels == 0 || modelsAfter(snapshot, planned) <= snapshot.maxLoadedModels,
                     name(seed).constData());
        }
    }

    void noPlanEvictsWhatIsProtected() {
        for (unsigned seed = 0; seed < kHouses; ++seed) {
            Dice dice(seed);
            const Snapshot snapshot = randomHouse(dice);
            const WantedLoad wish = randomWish(dice);
            const LoadPlan planned = plan(snapshot, wish);
            for (const PlannedEviction& eviction : planned.evictions) {
                const InstanceView& view = find(snapshot, eviction.key);
                QVERIFY2(!view.pinned && view.holding == Holding::Loaded, name(seed).constData());
                QCOMPARE(eviction.busy, view.leases > 0 || view.awaited.has_value());
                if (wish.cause != Cause::Request)
                    continue;
                const bool outranked = view.awaited && view.awaited->priority > wish.urgency.priority;
                QVERIFY2(!outranked, name(seed).constData());
                if (view.awaited && view.awaited->priority == wish.urgency.priority)
                    QVERIFY2(wish.urgency.since + snapshot.minimumStay <= view.awaited->since, name(seed).constData());
                QVERIFY2(view.leases == 0 || view.busyWith <= wish.urgency.priority, name(seed).constData());
            }
        }
    }

    void noEvictionOfAPlanIsNeedless() {
        for (unsigned seed = 0; seed < kHouses; ++seed) {
            Dice dice(seed);
            const Snapshot snapshot = randomHouse(dice);
            LoadPlan planned = plan(snapshot, randomWish(dice));
            if (planned.verdict != Verdict::EvictThenLoad)
                continue;
            for (std::size_t i = 0; i < planned.evictions.size(); ++i) {
                LoadPlan fewer = planned;
                fewer.evictions.erase(fewer.evictions.begin() + static_cast<std::ptrdiff_t>(i));
                const bool tooMany =
                    snapshot.maxLoadedModels > 0 && modelsAfter(snapshot, fewer) > snapshot.maxLoadedModels;
                QVERIFY2(tooMany || after(snapshot, fewer) > snapshot.devices.front().effectiveBytes,
                         name(seed).constData());
            }
        }
    }

    void forceDoesExactlyWhatThePlanWithoutItNamed() {
        for (unsigned seed = 0; seed < kHouses; ++seed) {
            Dice dice(seed);
            const Snapshot snapshot = randomHouse(dice);
            WantedLoad wish = randomWish(dice);
            wish.cause = Cause::Operator;
            const LoadPlan without = plan(snapshot, wish);
            wish.cause = Cause::Forced;
            const LoadPlan with = plan(snapshot, wish);
            QVERIFY2(evicted(without) == evicted(with), name(seed).constData());
            QVERIFY2(without.verdict != Verdict::EvictThenLoad, name(seed).constData());
        }
    }

    void theOrderOfTheSnapshotDoesNotMatter() {
        for (unsigned seed = 0; seed < kHouses / 4; ++seed) {
            Dice dice(seed);
            Snapshot snapshot = randomHouse(dice);
            const WantedLoad wish = randomWish(dice);
            const LoadPlan one = plan(snapshot, wish, "cost");
            std::reverse(snapshot.instances.begin(), snapshot.instances.end());
            const LoadPlan other = plan(snapshot, wish, "cost");
            QVERIFY2(evicted(one) == evicted(other) && one.verdict == other.verdict, name(seed).constData());
        }
    }

    void everyPlanSaysWhyAndRefusesWithAnError() {
        for (unsigned seed = 0; seed < kHouses; ++seed) {
            Dice dice(seed);
            const Snapshot snapshot = randomHouse(dice);
            const LoadPlan planned = plan(snapshot, randomWish(dice));
            QVERIFY2(!planned.explanation.empty(), name(seed).constData());
            QCOMPARE(planned.refusal.has_value(), planned.verdict == Verdict::Refuse);
            for (const PlannedEviction& eviction : planned.evictions)
                QVERIFY2(!eviction.reason.empty(), name(seed).constData());
            for (const PlannedStay& stay : planned.stays)
                QVERIFY2(!stay.reason.empty(), name(seed).constData());
        }
    }
};

QTEST_GUILESS_MAIN(TestLoadPlannerRules)
#include "test_load_planner_rules.moc"
