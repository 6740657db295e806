// Several instances of one model, each with a worker of its own: work is spread, the loss of one stays its own, and
// all of them are one model to whoever asks.
#include "engine/lifecycle/policy/serving_config.h"
#include "tests/support/worker_house.h"

#include <QTest>

#include <csignal>
#include <set>

using namespace mm;
using namespace mm::lifecycle;
using mm::test::HouseMemory;
using mm::test::WorkerHouse;

namespace {

const std::string kKey = "org/model@1";

LoadOrder instances(int count, bool force = false) {
    LoadOrder order;
    order.instances = count;
    order.force = force;
    return order;
}

} // namespace

class TestInstances : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anOrderLoadsSoManyAndStatusListsThem();
    void aRequestIsServedByTheFirstAndTheRestFollow();
    void leasesGoToTheInstanceWithTheFewest();
    void theLossOfOneLeavesTheOthersServingAndIsMadeGood();
    void fewerInstancesEndTheSurplusOnly();
    void unloadEndsThemAll();
    void furtherInstancesEvictNobody();
    void processorsAreSharedOutUnlessTheRegistrationSays();
    void oneInstanceMayGoWhereAnotherModelNeedsItsRoom();
};

void TestInstances::anOrderLoadsSoManyAndStatusListsThem() {
    WorkerHouse house;
    house.make();
    house.script(kKey, "{}");
    const auto status = house.load(kKey, instances(3));
    QVERIFY(status.ok());
    const auto now = house.status(kKey);
    QCOMPARE(now.instances_size(), 3);
    std::set<std::int64_t> pids;
    for (const auto& instance : now.instances()) {
        QCOMPARE(instance.state(), v1::MODEL_STATE_LOADED);
        QCOMPARE(instance.measured_bytes(), HouseMemory::kMb);
        pids.insert(instance.pid());
    }
    QCOMPARE(pids.size(), std::size_t(3));
    QCOMPARE(now.measured_bytes(), 3 * HouseMemory::kMb);
    QCOMPARE(house.manager().serving(kKey), 3);
    // Asked for again, there is nothing to do.
    QVERIFY(house.load(kKey, instances(3)).ok());
    QCOMPARE(house.status(kKey).instances_size(), 3);
}

void TestInstances::aRequestIsServedByTheFirstAndTheRestFollow() {
    WorkerHouse house;
    house.make();
    house.script(kKey, "{}");
    house.configure(kKey, R"("instances": 2)");
    QVERIFY(house.acquire(kKey).ok());
    QVERIFY(test::awaitUntil([&] { return house.manager().serving(kKey) == 2; }));
}

void TestInstances::leasesGoToTheInstanceWithTheFewest() {
    WorkerHouse house;
    house.make();
    house.script(kKey, "{}");
    QVERIFY(house.load(kKey, instances(2)).ok());
    std::vector<ModelLease> leases;
    for (int i = 0; i < 4; ++i)
        leases.push_back(*house.manager().tryAcquire(kKey));
    const auto status = house.status(kKey);
    for (const auto& instance : status.instances())
        QCOMPARE(instance.in_flight(), 2);
    QCOMPARE(status.in_flight(), 4);
}

void TestInstances::theLossOfOneLeavesTheOthersServingAndIsMadeGood() {
    WorkerHouse house;
    house.make();
    house.script(kKey, "{}");
    QVERIFY(house.load(kKey, instances(2)).ok());
    auto first = house.manager().tryAcquire(kKey);
    auto second = house.manager().tryAcquire(kKey);
    const std::int64_t lost = house.status(kKey).instances(0).pid();
    ::kill(static_cast<pid_t>(lost), SIGKILL);
    QVERIFY(test::awaitUntil([&] { return house.status(kKey).crashes() == 1; }));
    QCOMPARE(house.status(kKey).state(), v1::MODEL_STATE_LOADED);
    QVERIFY(house.status(kKey).health_status().healthy());
    const auto served = house.acquire(kKey);
    QVERIFY(served.ok());
    QVERIFY(WorkerHouse::run(*second, "x").ok());
    QVERIFY(test::awaitUntil([&] { return house.manager().serving(kKey) == 2; }));
    QVERIFY(house.status(kKey).instances(0).pid() != lost);
}

void TestInstances::fewerInstancesEndTheSurplusOnly() {
    WorkerHouse house;
    house.make();
    house.script(kKey, "{}");
    QVERIFY(house.load(kKey, instances(3)).ok());
    const std::int64_t first = house.status(kKey).instances(0).pid();
    QVERIFY(house.load(kKey, instances(1)).ok());
    QVERIFY(test::awaitUntil([&] { return house.status(kKey).instances_size() == 1; }));
    QCOMPARE(house.status(kKey).instances(0).pid(), first);
    QVERIFY(test::awaitUntil([&] { return house.manager().ledger().entries().size() == 1; }));
}

void TestInstances::unloadEndsThemAll() {
    WorkerHouse house;
    house.make();
    house.script(kKey, "{}");
    QVERIFY(house.load(kKey, instances(3)).ok());
    const auto unloaded = house.unload(kKey);
    QVERIFY(unloaded.ok());
    QCOMPARE(unloaded->model_id(), std::string("org/model"));
    QCOMPARE(unloaded->version(), std::string("1"));
    QCOMPARE(house.status(kKey).state(), v1::MODEL_STATE_UNLOADED);
    QCOMPARE(house.status(kKey).instances_size(), 0);
    QVERIFY(house.manager().ledger().entries().empty());
    // The order is over with it: the next load is as configured.
    QVERIFY(house.load(kKey).ok());
    QCOMPARE(house.status(kKey).instances_size(), 1);
}

void TestInstances::furtherInstancesEvictNobody() {
    WorkerHouse house;
    house.options.memory.host.bytes = 300 * HouseMemory::kMb;
    house.make();
    house.script(kKey, "{}");
    house.script("org/other@1", "{}");
    house.memory.size(kKey, 100);
    house.memory.size("org/other@1", 100);
    house.configure(kKey, R"("instances": 3)");
    QVERIFY(house.load("org/other@1").ok());
    QVERIFY(house.acquire(kKey).ok());
    QVERIFY(test::awaitUntil([&] { return house.manager().serving(kKey) == 2; }));
    QVERIFY(house.status(kKey).reason().find("another instance waits") != std::string::npos);
    QCOMPARE(house.status("org/other@1").state(), v1::MODEL_STATE_LOADED);
    // Room is taken as soon as there is some.
    QVERIFY(house.unload("org/other@1").ok());
    QVERIFY(test::awaitUntil([&] { return house.manager().serving(kKey) == 3; }));
}

void TestInstances::processorsAreSharedOutUnlessTheRegistrationSays() {
    QCOMPARE(threadsPerInstance(0, false, 1, 8), 0);
    QCOMPARE(threadsPerInstance(0, false, 4, 8), 2);
    QCOMPARE(threadsPerInstance(6, false, 2, 8), 3);
    QCOMPARE(threadsPerInstance(0, false, 16, 8), 1);
    QCOMPARE(threadsPerInstance(6, true, 4, 8), 6);
}

void TestInstances::oneInstanceMayGoWhereAnotherModelNeedsItsRoom() {
    WorkerHouse house;
    house.options.memory.host.bytes = 200 * HouseMemory::kMb;
    house.make();
    house.script(kKey, "{}");
    house.script("org/other@1", "{}");
    house.memory.size(kKey, 100);
    house.memory.size("org/other@1", 100);
    QVERIFY(house.load(kKey, instances(2)).ok());
    QVERIFY(house.acquire("org/other@1").ok());
    QCOMPARE(house.status(kKey).state(), v1::MODEL_STATE_LOADED);
    QCOMPARE(house.manager().serving(kKey), 1);
}

QTEST_GUILESS_MAIN(TestInstances)
#include "test_instances.moc"
