// Loads under a memory budget, acted out with real processes of the fake worker on a scripted machine: who is loaded,
// who waits and why, who goes, and that the ledger never holds more than the budget.
#include "tests/support/worker_house.h"

#include <QTest>

#include <random>

using namespace mm;
using namespace mm::lifecycle;
using mm::test::HouseMemory;
using mm::test::WorkerHouse;

namespace {

const std::string kA = "org/a@1";
const std::string kB = "org/b@1";
const std::string kC = "org/c@1";

// Room for 250 MB; a, b and c take 100 each.
struct SmallHouse : WorkerHouse {
    SmallHouse() {
        options.memory.host.bytes = 250 * HouseMemory::kMb;
        for (const std::string& key : {kA, kB, kC}) {
            script(key, "{}");
            memory.size(key, 100);
        }
    }
    void use(const std::string& key) {
        auto lease = acquire(key);
        QVERIFY(lease.ok());
        QVERIFY(run(*lease, "x").ok());
    }
    std::int64_t used() { return manager().ledger().devices().front().usedBytes() / HouseMemory::kMb; }
};

class ScriptedDemand final : public RequestDemand {
public:
    std::map<std::string, Urgency> waits;
    std::optional<Urgency> demand(const std::string& key) const override {
        const auto found = waits.find(key);
        return found == waits.end() ? std::nullopt : std::optional(found->second);
    }
};

bool contains(const std::string& text, const std::string& part) {
    if (text.find(part) != std::string::npos)
        return true;
    qWarning("'%s' does not contain '%s'", text.c_str(), part.c_str());
    return false;
}

std::int64_t number(const Error& error, const std::string& fact) {
    const auto found = error.facts.find(fact);
    const auto* value = found == error.facts.end() ? nullptr : std::get_if<std::int64_t>(&found->second);
    return value == nullptr ? -1 : *value;
}

} // namespace

class TestPlacement : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aLoadedModelHoldsWhatWasMeasured();
    void aRequestEvictsWhatWasUnusedLongest();
    void anOrderWithoutForceEvictsNothingAndSaysWhatWould();
    void forceDoesWhatThePlanSaid();
    void aPlanDoesNothing();
    void aRequestWaitsForBusyModelsAndSaysWhich();
    void theMoreUrgentIsLoadedFirstWhenRoomComes();
    void aSmallerModelDoesNotTakeWhatAMoreUrgentOneWaitsFor();
    void whatCanNeverFitIsRefusedAtOnceWithTheNumbers();
    void aPinnedModelStaysAndMakesOthersImpossible();
    void aFailedLoadGivesItsReservationBack();
    void aModelLargerThanTheBudgetIsUnloadedAndSaysSo();
    void aModelLargerThanPredictedIsPlannedAgainWithWhatWasMeasured();
    void aWishThatNobodyWaitsForMovesNothing();
    void unloadingWhatWaitsForMemoryEndsTheWait();
    void otherProgramsTakingMemoryPushOutWhatIsIdle();
    void measurementsAreRememberedAndToldAfterTheUnload();
    void twentyModelsInRoomForFiveAllGetTheirTurn();
};

void TestPlacement::aLoadedModelHoldsWhatWasMeasured() {
    SmallHouse house;
    house.memory.size(kA, 100, 80);
    house.make();
    const auto status = house.load(kA);
    QVERIFY(status.ok());
    QCOMPARE(status->measured_bytes(), 80 * HouseMemory::kMb);
    QCOMPARE(house.used(), 80);
    const auto now = house.status(kA);
    QCOMPARE(now.predicted_bytes(), 100 * HouseMemory::kMb);
    QCOMPARE(now.measured_bytes(), 80 * HouseMemory::kMb);
    QVERIFY(house.unload(kA).ok());
    QCOMPARE(house.used(), 0);
}

void TestPlacement::aRequestEvictsWhatWasUnusedLongest() {
    SmallHouse house;
    house.make();
    house.use(kA);
    house.use(kB);
    house.use(kA);
    house.use(kC);
    QCOMPARE(house.status(kB).state(), v1::MODEL_STATE_UNLOADED);
    QVERIFY(contains(house.status(kB).reason(), "evicted for org/c@1"));
    QCOMPARE(house.status(kA).state(), v1::MODEL_STATE_LOADED);
    QCOMPARE(house.used(), 200);
}

void TestPlacement::anOrderWithoutForceEvictsNothingAndSaysWhatWould() {
    SmallHouse house;
    house.make();
    house.use(kA);
    house.use(kB);
    const auto refused = house.load(kC);
    QCOMPARE(refused.error().code, ErrorCode::InsufficientMemory);
    QCOMPARE(number(refused.error(), "needed_bytes"), 100 * HouseMemory::kMb);
    QCOMPARE(number(refused.error(), "free_bytes"), 50 * HouseMemory::kMb);
    QCOMPARE(number(refused.error(), "budget_bytes"), 250 * HouseMemory::kMb);
    QVERIFY(contains(refused.error().message, "Pass force to evict org/a@1"));
    QCOMPARE(house.status(kA).state(), v1::MODEL_STATE_LOADED);
    QCOMPARE(house.status(kC).state(), v1::MODEL_STATE_UNLOADED);
    QVERIFY(contains(house.status(kC).last_failure().message(), "Pass force"));
}

void TestPlacement::forceDoesWhatThePlanSaid() {
    SmallHouse house;
    house.make();
    house.use(kA);
    house.use(kB);
    const auto plan = house.manager().plan(kC, 0);
    QVERIFY(plan.ok());
    QVERIFY(!plan->fits());
    QVERIFY(plan->possible());
    QCOMPARE(plan->evictions_size(), 1);
    QCOMPARE(plan->evictions(0).model_id(), std::string("org/a"));
    LoadOrder order;
    order.force = true;
    QVERIFY(house.load(kC, order).ok());
    QCOMPARE(house.status(kA).state(), v1::MODEL_STATE_UNLOADED);
    QCOMPARE(house.status(kB).state(), v1::MODEL_STATE_LOADED);
    QCOMPARE(house.status(kC).state(), v1::MODEL_STATE_LOADED);
}

void TestPlacement::aPlanDoesNothing() {
    SmallHouse house;
    house.make();
    house.use(kA);
    const std::size_t changes = house.changes.size();
    const auto fits = house.manager().plan(kB, 0);
    QVERIFY(fits->fits());
    QCOMPARE(fits->devices(0).needed_bytes(), 100 * HouseMemory::kMb);
    QCOMPARE(fits->devices(0).free_bytes(), 150 * HouseMemory::kMb);
    QVERIFY(house.manager().plan(kA, 0)->already_loaded());
    QVERIFY(house.manager().plan(kB, 2)->evictions_size() == 1);
    QCOMPARE(house.manager().plan("org/none@1", 0).error().code, ErrorCode::ModelNotFound);
    QCOMPARE(house.changes.size(), changes);
    QCOMPARE(house.used(), 100);
}

void TestPlacement::aRequestWaitsForBusyModelsAndSaysWhich() {
    SmallHouse house;
    house.options.minimumStay = std::chrono::hours(1);
    house.make();
    auto a = house.acquire(kA);
    auto b = house.acquire(kB);
    QVERIFY(WorkerHouse::run(*a, "x").ok());
    QVERIFY(WorkerHouse::run(*b, "x").ok());
    Result<ModelLease> c = Error{};
    house.manager().acquire(kC, {v1::PRIORITY_NORMAL, house.clock().now()}, [&](auto lease) { c = std::move(lease); });
    QVERIFY(!c.ok());
    QVERIFY(contains(house.manager().loadState(kC).reason, "waits for 100 MB on cpu"));
    QVERIFY(contains(house.manager().loadState(kC).reason, "org/a@1 and org/b@1 are busy"));
    QCOMPARE(house.status(kC).reason(), house.manager().loadState(kC).reason);
    QCOMPARE(house.status(kC).state(), v1::MODEL_STATE_UNLOADED);
    a->release();
    b->release();
    // Force is an operator's say over the minimum stay, and the request is served by the same load.
    LoadOrder order;
    order.force = true;
    QVERIFY(house.load(kC, order).ok());
    QVERIFY(test::awaitUntil([&] { return c.ok(); }));
}

void TestPlacement::theMoreUrgentIsLoadedFirstWhenRoomComes() {
    SmallHouse house;
    house.options.memory.host.bytes = 100 * HouseMemory::kMb;
    house.make();
    auto a = house.acquire(kA);
    std::vector<std::string> order;
    std::vector<ModelLease> kept;
    const auto want = [&](const std::string& key, v1::Priority priority) {
        house.manager().acquire(key, {priority, house.clock().now()}, [&, key](Result<ModelLease> lease) {
            QVERIFY(lease.ok());
            order.push_back(key);
        });
    };
    want(kB, v1::PRIORITY_LOW);
    want(kC, v1::PRIORITY_HIGH);
    QVERIFY(order.empty());
    a->release();
    QVERIFY(test::awaitUntil([&] { return order.size() == 2; }));
    QCOMPARE(order, (std::vector<std::string>{kC, kB}));
}

void TestPlacement::aSmallerModelDoesNotTakeWhatAMoreUrgentOneWaitsFor() {
    SmallHouse house;
    house.memory.size(kB, 200);
    house.make();
    auto a = house.acquire(kA);
    v1::InferenceRequest request = test::textRequest("x");
    request.set_priority(v1::PRIORITY_HIGH);
    bool ran = false;
    QVERIFY(a->run(request, [&](const Result<wv1::Output>&) { ran = true; }).ok());
    QVERIFY(test::awaitUntil([&] { return ran; }));
    Result<ModelLease> large = Error{};
    Result<ModelLease> small = Error{};
    house.manager().acquire(kB, {v1::PRIORITY_NORMAL, house.clock().now()},
                            [&](auto lease) { large = std::move(lease); });
    house.manager().acquire(kC, {v1::PRIORITY_LOW, house.clock().now()}, [&](auto lease) { small = std::move(lease); });
    // It would fit beside a.
    QCOMPARE(house.status(kC).state(), v1::MODEL_STATE_UNLOADED);
    QVERIFY(contains(house.manager().loadState(kC).reason, "waits for"));
    a->release();
    QVERIFY(test::awaitUntil([&] { return large.ok(); }));
    QVERIFY(!small.ok());
    large->release();
    QVERIFY(test::awaitUntil([&] { return small.ok(); }));
}

void TestPlacement::whatCanNeverFitIsRefusedAtOnceWithTheNumbers() {
    SmallHouse house;
    house.memory.size(kC, 300);
    house.make();
    house.use(kA);
    const auto lease = house.acquire(kC);
    QCOMPARE(lease.error().code, ErrorCode::InsufficientMemory);
    QCOMPARE(number(lease.error(), "needed_bytes"), 300 * HouseMemory::kMb);
    QCOMPARE(number(lease.error(), "pinned_bytes"), std::int64_t(0));
    QCOMPARE(house.status(kA).state(), v1::MODEL_STATE_LOADED);
}

void TestPlacement::aPinnedModelStaysAndMakesOthersImpossible() {
    SmallHouse house;
    house.options.memory.host.bytes = 150 * HouseMemory::kMb;
    house.make();
    LoadOrder order;
    order.pin = true;
    QVERIFY(house.load(kA, order)->pinned());
    const auto refused = house.acquire(kB);
    QCOMPARE(refused.error().code, ErrorCode::InsufficientMemory);
    QCOMPARE(number(refused.error(), "pinned_bytes"), 100 * HouseMemory::kMb);
    QVERIFY(!house.manager().setPinned(kA, false)->pinned());
    house.use(kB);
    QCOMPARE(house.status(kA).state(), v1::MODEL_STATE_UNLOADED);
}

void TestPlacement::aFailedLoadGivesItsReservationBack() {
    SmallHouse house;
    house.make();
    house.script(kA, R"({"load": {"exit": true}})");
    QVERIFY(!house.load(kA).ok());
    QVERIFY(test::awaitUntil([&] { return house.manager().ledger().entries().empty(); }));
    QCOMPARE(house.used(), 0);
}

void TestPlacement::aModelLargerThanTheBudgetIsUnloadedAndSaysSo() {
    SmallHouse house;
    house.memory.size(kA, 100, 400);
    house.make();
    const auto refused = house.load(kA);
    QCOMPARE(refused.error().code, ErrorCode::InsufficientMemory);
    QVERIFY(contains(refused.error().message, "took 400 MB on cpu where 100 MB were predicted"));
    QCOMPARE(house.status(kA).state(), v1::MODEL_STATE_UNHEALTHY);
    QVERIFY(test::awaitUntil([&] { return house.manager().ledger().entries().empty(); }));
}

void TestPlacement::aModelLargerThanPredictedIsPlannedAgainWithWhatWasMeasured() {
    SmallHouse house;
    house.memory.size(kB, 100, 200);
    house.make();
    house.use(kA);
    // Beside a it is too large; with what was measured the next plan makes room for it.
    house.use(kB);
    QCOMPARE(house.status(kA).state(), v1::MODEL_STATE_UNLOADED);
    QCOMPARE(house.history(kB), std::string("unloaded loading unhealthy loading loaded"));
    QCOMPARE(house.used(), 200);
}

void TestPlacement::aWishThatNobodyWaitsForMovesNothing() {
    ScriptedDemand demand;
    SmallHouse house;
    house.demand = &demand;
    house.options.memory.host.bytes = 100 * HouseMemory::kMb;
    house.make();
    demand.waits[kA] = {};
    house.use(kA);
    demand.waits.clear();
    Result<ModelLease> b = Error{};
    house.manager().acquire(kB, {}, [&](auto lease) { b = std::move(lease); });
    house.manager().tick();
    QCOMPARE(house.status(kA).state(), v1::MODEL_STATE_LOADED);
    demand.waits[kB] = {v1::PRIORITY_NORMAL, house.clock().now()};
    house.manager().demandChanged(kB);
    QVERIFY(test::awaitUntil([&] { return b.ok(); }));
    QCOMPARE(house.status(kA).state(), v1::MODEL_STATE_UNLOADED);
}

void TestPlacement::unloadingWhatWaitsForMemoryEndsTheWait() {
    SmallHouse house;
    house.options.memory.host.bytes = 100 * HouseMemory::kMb;
    house.make();
    auto a = house.acquire(kA);
    Result<ModelLease> b = ModelLease();
    house.manager().acquire(kB, {v1::PRIORITY_NORMAL, house.clock().now()}, [&](auto lease) { b = std::move(lease); });
    QVERIFY(house.unload(kB).ok());
    QCOMPARE(b.error().code, ErrorCode::ModelNotLoaded);
    QVERIFY(house.status(kB).reason().empty());
}

void TestPlacement::otherProgramsTakingMemoryPushOutWhatIsIdle() {
    SmallHouse house;
    house.memory.totalBytes = 300 * HouseMemory::kMb;
    house.make();
    house.use(kA);
    auto busy = house.acquire(kB);
    house.memory.othersBytes = 150 * HouseMemory::kMb;
    house.manager().tick();
    QVERIFY(house.awaitState(kA, v1::MODEL_STATE_UNLOADED));
    QCOMPARE(house.status(kB).state(), v1::MODEL_STATE_LOADED);
    QVERIFY(contains(house.status(kA).reason(), "other programs"));
}

void TestPlacement::measurementsAreRememberedAndToldAfterTheUnload() {
    SmallHouse house;
    house.memory.size(kA, 100, 80);
    house.make();
    house.use(kA);
    house.use(kA);
    QVERIFY(house.unload(kA).ok());
    const auto kept = house.memory.latest("org/a", "1");
    QVERIFY(kept.has_value());
    QCOMPARE(kept->predictedBytes, 100 * HouseMemory::kMb);
    QCOMPARE(kept->measuredBytes, 80 * HouseMemory::kMb);
    QCOMPARE(kept->uses, std::int64_t(2));
    QVERIFY(kept->loadMs > 0);
    QCOMPARE(house.status(kA).measured_bytes(), 80 * HouseMemory::kMb);
    // The next load is predicted as it was measured.
    QVERIFY(house.load(kA).ok());
    QCOMPARE(house.status(kA).predicted_bytes(), 80 * HouseMemory::kMb);
}

void TestPlacement::twentyModelsInRoomForFiveAllGetTheirTurn() {
    WorkerHouse house;
    house.options.memory.host.bytes = 500 * HouseMemory::kMb;
    std::vector<std::string> keys;
    for (int i = 0; i < 20; ++i) {
        keys.push_back("org/m" + std::to_string(i) + "@1");
        house.script(keys.back(), "{}");
        house.memory.size(keys.back(), 100);
    }
    house.make();
    std::int64_t most = 0;
    house.changed = [&] {
        for (const DeviceAccount& account : house.manager().ledger().devices())
            most = std::max(most, account.usedBytes() - account.effectiveBytes);
    };
    std::mt19937 random(20261121);
    constexpr int kRequests = 120;
    int answered = 0;
    int sent = 0;
    std::vector<std::shared_ptr<ModelLease>> running;
    const std::function<void()> send = [&] {
        if (sent == kRequests)
            return;
        ++sent;
        const std::string& key = keys[random() % keys.size()];
        const auto priority = static_cast<v1::Priority>(v1::PRIORITY_LOW + random() % 4);
        house.manager().acquire(key, {priority, house.clock().now()}, [&](Result<ModelLease> lease) {
            QVERIFY2(lease.ok(), lease.ok() ? "" : lease.error().message.c_str());
            auto held = std::make_shared<ModelLease>(std::move(lease).value());
            const auto run = held->run(test::textRequest("x"), [&, held](const Result<wv1::Output>& output) {
                QVERIFY(output.ok());
                held->release();
                ++answered;
                house.executor().post(send);
            });
            QVERIFY(run.ok());
        });
    };
    for (int i = 0; i < 12; ++i)
        send();
    QVERIFY(test::awaitUntil([&] { return answered == kRequests; }));
    QVERIFY2(most <= 0, std::to_string(most).c_str());
}

QTEST_GUILESS_MAIN(TestPlacement)
#include "test_placement.moc"
