// Unloading: leases block it, the process really ends, nothing is left behind; and the engine's end is every worker's.
#include "engine/ipc/loss_cause.h"
#include "engine/lifecycle/worker/process_table.h"
#include "tests/support/sanitized.h"
#include "tests/support/worker_house.h"

#include <QDir>
#include <QProcess>
#include <QTest>

#include <csignal>

using namespace mm;
using namespace mm::lifecycle;
using mm::test::WorkerHouse;
using namespace std::chrono_literals;

namespace {

const std::string kKey = "org/model@1";

qsizetype openFiles() {
    return QDir(QStringLiteral("/proc/self/fd"))
        .entryList(QDir::NoDotAndDotDot | QDir::AllEntries | QDir::System)
        .size();
}

qsizetype childProcesses() {
    QFile file(QStringLiteral("/proc/self/task/%1/children").arg(QCoreApplication::applicationPid()));
    if (!file.open(QIODevice::ReadOnly))
        return -1;
    QByteArrayList pids = file.readAll().simplified().split(' ');
    pids.removeAll(QByteArray());
    return pids.size();
}

} // namespace

class TestUnloading : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void unloadRepliesWhenTheProcessIsGone();
    void unloadingWhatIsNotLoadedSaysSo();
    void aLeaseBlocksUnloadAndNoNewOneIsGiven();
    void aRequestThatComesWhileDrainingIsServedByAFreshLoad();
    void theEndOfTheDrainTimeEndsWhatStillRuns();
    void aStubbornWorkerIsKilled();
    void aKillEndsWhatRunsAtOnceAndIsNoFault();
    void aKillEndsADrainThatHasBegun();
    void aKillEndsALoadAndWhoWaitsForIt();
    void aCrashWhileDrainingStillUnloads();
    void aHundredCyclesLeaveNothing();
    void forgettingUnloadsAndRefusesWhoWaits();
    void shutdownEndsEveryWorkerAndRefusesNewWork();
    void workersDieWithTheEngine();
};

void TestUnloading::unloadRepliesWhenTheProcessIsGone() {
    WorkerHouse house;
    house.make();
    house.script(kKey, "{}");
    const auto pid = house.load(kKey)->pid();
    QVERIFY(!isProcessGone(pid));
    std::optional<bool> goneAtReply;
    Result<v1::UnloadModelResponse> response = Error{};
    house.manager().unload(kKey, [&](Result<v1::UnloadModelResponse> answer) {
        goneAtReply = isProcessGone(pid);
        response = std::move(answer);
    });
    QVERIFY(test::awaitUntil([&] { return goneAtReply.has_value(); }));
    QVERIFY(*goneAtReply);
    QVERIFY(response->unloaded());
    QVERIFY(response->freed_mb() > 0.5);
    QCOMPARE(house.history(kKey), std::string("unloaded loading loaded draining unloaded"));
    QCOMPARE(house.status(kKey).pid(), std::int64_t(0));
}

void TestUnloading::unloadingWhatIsNotLoadedSaysSo() {
    WorkerHouse house;
    house.make();
    house.script(kKey, "{}");
    QCOMPARE(house.unload(kKey).error().code, ErrorCode::ModelNotLoaded);
    QCOMPARE(house.unload("org/none@1").error().code, ErrorCode::ModelNotFound);
}

void TestUnloading::aLeaseBlocksUnloadAndNoNewOneIsGiven() {
    WorkerHouse house;
    house.make();
    house.script(kKey, "{}");
    auto lease = house.acquire(kKey);
    bool unloaded = false;
    house.manager().unload(kKey, [&](const Result<v1::UnloadModelResponse>&) { unloaded = true; });
    QCOMPARE(house.status(kKey).state(), v1::MODEL_STATE_DRAINING);
    QVERIFY(!house.manager().tryAcquire(kKey));
    // The lease still works: a whole round trip later the model is still there.
    QVERIFY(WorkerHouse::run(*lease, "x").ok());
    QVERIFY(!unloaded);
    lease->release();
    QVERIFY(test::awaitUntil([&] { return unloaded; }));
}

void TestUnloading::aRequestThatComesWhileDrainingIsServedByAFreshLoad() {
    WorkerHouse house;
    house.make();
    house.script(kKey, "{}");
    auto lease = house.acquire(kKey);
    bool unloaded = false;
    house.manager().unload(kKey, [&](const Result<v1::UnloadModelResponse>&) { unloaded = true; });
    Result<ModelLease> late = Error{};
    house.manager().acquire(kKey, {}, [&](Result<ModelLease> answer) { late = std::move(answer); });
    lease->release();
    QVERIFY(test::awaitUntil([&] { return late.ok(); }));
    QVERIFY(unloaded);
    QVERIFY(WorkerHouse::run(*late, "x").ok());
    QCOMPARE(house.history(kKey), std::string("unloaded loading loaded draining unloaded loading loaded"));
}

void TestUnloading::theEndOfTheDrainTimeEndsWhatStillRuns() {
    WorkerHouse house;
    house.options.drainTimeout = 50ms;
    house.make();
    house.script(kKey, R"({"run": {"*": {"do": "until_cancel"}}})");
    auto lease = house.acquire(kKey);
    Result<wv1::Output> answer = wv1::Output{};
    QVERIFY(lease->run(test::textRequest("x"), [&](Result<wv1::Output> output) { answer = std::move(output); }).ok());
    QVERIFY(house.unload(kKey).ok());
    QCOMPARE(answer.error().code, ErrorCode::ServiceUnavailable);
}

void TestUnloading::aStubbornWorkerIsKilled() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"stubborn": true})");
    const auto pid = house.load(kKey)->pid();
    QVERIFY(house.unload(kKey).ok());
    QVERIFY(isProcessGone(pid));
}

void TestUnloading::aKillEndsWhatRunsAtOnceAndIsNoFault() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"stubborn": true, "run": {"*": {"do": "hang"}}})");
    auto lease = house.acquire(kKey);
    const auto pid = house.status(kKey).pid();
    Result<wv1::Output> answer = wv1::Output{};
    QVERIFY(lease->run(test::textRequest("x"), [&](Result<wv1::Output> output) { answer = std::move(output); }).ok());
    std::optional<bool> goneAtReply;
    Result<v1::UnloadModelResponse> killed = Error{};
    house.manager().kill(kKey, "killed by somebody", [&](Result<v1::UnloadModelResponse> response) {
        goneAtReply = isProcessGone(pid);
        killed = std::move(response);
    });
    // Answered before the worker is gone, and by nothing that the engine would repeat.
    QCOMPARE(answer.error().code, ErrorCode::ServiceUnavailable);
    QVERIFY(ipc::isKilled(answer.error()) && !ipc::mayRunAgain(answer.error()));
    QVERIFY(test::awaitUntil([&] { return goneAtReply.has_value(); }));
    QVERIFY(*goneAtReply && killed->unloaded() && killed->freed_mb() > 0.5);
    const auto status = house.status(kKey);
    QCOMPARE(status.crashes(), 0);
    QVERIFY(!status.has_last_failure());
    QCOMPARE(status.reason(), std::string("killed by somebody"));
    QCOMPARE(house.history(kKey), std::string("unloaded loading loaded draining unloaded"));
    QVERIFY(house.changes.back().cause == EndCause::Killed);
    QCOMPARE(house.changes.back().reason, std::string("killed by somebody"));
    house.script(kKey, "{}");
    QVERIFY(house.load(kKey).ok());
}

void TestUnloading::aKillEndsADrainThatHasBegun() {
    WorkerHouse house;
    house.options.drainTimeout = 1h;
    house.make();
    house.script(kKey, R"({"run": {"*": {"do": "until_cancel"}}})");
    auto lease = house.acquire(kKey);
    QVERIFY(lease->run(test::textRequest("x"), [](const Result<wv1::Output>&) {}).ok());
    int unloaded = 0;
    const auto count = [&](const Result<v1::UnloadModelResponse>& answer) { unloaded += answer.ok() ? 1 : 0; };
    house.manager().unload(kKey, count);
    Result<ModelLease> late = ModelLease();
    house.manager().acquire(kKey, {}, [&](Result<ModelLease> answer) { late = std::move(answer); });
    house.manager().kill(kKey, "killed", count);
    QVERIFY(ipc::isKilled(late.error()));
    QVERIFY(test::awaitUntil([&] { return unloaded == 2; }));
    QCOMPARE(house.status(kKey).state(), v1::MODEL_STATE_UNLOADED);
    QVERIFY(house.changes.back().cause == EndCause::Killed);
}

void TestUnloading::aKillEndsALoadAndWhoWaitsForIt() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"stubborn": true, "load": {"hang": true}})");
    Result<v1::UnloadModelResponse> nothing = v1::UnloadModelResponse{};
    house.manager().kill(kKey, "killed", [&](auto answer) { nothing = std::move(answer); });
    QCOMPARE(nothing.error().code, ErrorCode::ModelNotLoaded);
    Result<v1::ModelStatus> loading = v1::ModelStatus{};
    house.manager().load(kKey, {}, {}, [&](Result<v1::ModelStatus> answer) { loading = std::move(answer); });
    QVERIFY(test::awaitUntil([&] { return house.progress.size() > 2; }));
    bool killed = false;
    house.manager().kill(kKey, "killed", [&](const Result<v1::UnloadModelResponse>& answer) { killed = answer.ok(); });
    QVERIFY(ipc::isKilled(loading.error()));
    QVERIFY(test::awaitUntil([&] { return killed; }));
    QCOMPARE(childProcesses(), 0);
    QCOMPARE(house.history(kKey), std::string("unloaded loading unhealthy unloaded"));
    QVERIFY(!house.status(kKey).has_last_failure());
}

void TestUnloading::aCrashWhileDrainingStillUnloads() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"run": {"1": {"do": "signal"}}})");
    auto lease = house.acquire(kKey);
    bool unloaded = false;
    house.manager().unload(kKey, [&](const Result<v1::UnloadModelResponse>& answer) { unloaded = answer.ok(); });
    QCOMPARE(WorkerHouse::run(*lease, "x").error().code, ErrorCode::WorkerCrashed);
    QVERIFY(test::awaitUntil([&] { return unloaded; }));
    QCOMPARE(house.status(kKey).state(), v1::MODEL_STATE_UNLOADED);
    QVERIFY(house.status(kKey).has_last_failure());
}

void TestUnloading::aHundredCyclesLeaveNothing() {
    WorkerHouse house;
    house.make();
    house.script(kKey, "{}");
    qsizetype files = 0;
    std::int64_t resident = 0;
    for (int i = 0; i < 100; ++i) {
        auto lease = house.acquire(kKey);
        QVERIFY(WorkerHouse::run(*lease, "x").ok());
        lease->release();
        QVERIFY(house.unload(kKey).ok());
        house.changes.clear();
        house.progress.clear();
        if (i == 10) {
            files = openFiles();
            resident = *residentBytes(QCoreApplication::applicationPid());
        }
    }
    QCOMPARE(openFiles(), files);
    QCOMPARE(childProcesses(), 0);
    QVERIFY(test::kSanitized || *residentBytes(QCoreApplication::applicationPid()) - resident < (4 << 20));
}

void TestUnloading::forgettingUnloadsAndRefusesWhoWaits() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"load": {"hang": true}})");
    Result<ModelLease> waiting = ModelLease();
    house.manager().acquire(kKey, {}, [&](Result<ModelLease> answer) { waiting = std::move(answer); });
    QVERIFY(test::awaitUntil([&] { return house.progress.size() > 2; }));
    bool forgotten = false;
    house.manager().forget(kKey, [&] { forgotten = true; });
    QCOMPARE(waiting.error().code, ErrorCode::ModelNotFound);
    QCOMPARE(house.acquire(kKey).error().code, ErrorCode::ModelNotFound);
    QVERIFY(test::awaitUntil([&] { return forgotten; }));
    QVERIFY(house.manager().statuses().empty());
    // The same name registered again is a new model.
    house.script(kKey, "{}");
    QVERIFY(house.load(kKey).ok());
}

void TestUnloading::shutdownEndsEveryWorkerAndRefusesNewWork() {
    WorkerHouse house;
    house.make();
    for (const char* key : {"org/a@1", "org/b@1", "org/c@1"})
        house.script(key, "{}");
    QVERIFY(house.load("org/a@1").ok());
    QVERIFY(house.load("org/b@1").ok());
    Result<v1::ModelStatus> loading = v1::ModelStatus{};
    house.script("org/c@1", R"({"load": {"hang": true}})");
    house.manager().load("org/c@1", {}, {}, [&](Result<v1::ModelStatus> answer) { loading = std::move(answer); });
    bool done = false;
    house.manager().shutdown([&] { done = true; });
    QCOMPARE(house.acquire("org/a@1").error().code, ErrorCode::ServiceUnavailable);
    QVERIFY(test::awaitUntil([&] { return done; }));
    QCOMPARE(loading.error().code, ErrorCode::ServiceUnavailable);
    QCOMPARE(childProcesses(), 0);
}

void TestUnloading::workersDieWithTheEngine() {
    QProcess engine;
    engine.start(QStringLiteral(MM_ENGINE_HELPER), {});
    QVERIFY(engine.waitForReadyRead(test::kBrokenAfterMs));
    const std::int64_t worker = engine.readLine().trimmed().toLongLong();
    QVERIFY(worker > 0);
    QVERIFY(!isProcessGone(worker));
    engine.kill();
    QVERIFY(engine.waitForFinished(test::kBrokenAfterMs));
    QVERIFY(test::awaitUntil([&] { return isProcessGone(worker); }));
}

QTEST_GUILESS_MAIN(TestUnloading)
#include "test_unloading.moc"
