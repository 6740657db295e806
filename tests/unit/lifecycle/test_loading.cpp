// Loading, lending and failing to load, against real worker processes.
#include "tests/support/worker_house.h"

#include <QTest>

#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>

using namespace mm;
using namespace mm::lifecycle;
using mm::test::WorkerHouse;
using namespace std::chrono_literals;

namespace {

const std::string kKey = "org/model@1";

std::string fact(const Error& error, const std::string& name) {
    const auto found = error.facts.find(name);
    if (found == error.facts.end())
        return "absent";
    const auto* text = std::get_if<std::string>(&found->second);
    return text != nullptr ? *text : "not a text";
}

} // namespace

class TestLoading : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aLoadTellsItsProgressAndThenItsStatus();
    void aRequestLoadsTheModelFirst();
    void wishesForOneModelShareOneLoadAndAreServedInOrder();
    void aLoadedModelAnswersALoadAtOnce();
    void anUnknownModelIsNotFoundAndLeavesNoTrace();
    void aRefusedLoadKeepsItsExactReason();
    void aCrashWhileLoadingNamesSignalStageAndLines();
    void anExitWhileLoadingNamesTheCode();
    void aMissingProgramIsASpawnFailure();
    void aWorkerWithoutHelloIsKilled();
    void anEndlessLoadIsKilled();
    void anExplicitLoadRetriesAfterAFailure();
    void repeatedFailuresAreAnsweredAtOnceUntilAnExplicitLoad();
    void requestsForAModelThatCannotLoadAreAnsweredAtOnceAndNothingIsStarted();
    void aLastingFailureIsTriedAgainWhenTheModelHasChanged();
    void unloadingWhileLoadingFailsTheLoad();
    void secretsOfTheEngineDoNotReachAWorker();
    void openFilesOfTheEngineDoNotReachAWorker();
};

void TestLoading::aLoadTellsItsProgressAndThenItsStatus() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"load": {"steps": 10}, "dimension": 5})");
    std::vector<double> percents;
    bool replied = false;
    Result<v1::ModelStatus> status = Error{};
    house.manager().load(
        kKey, {},
        [&](const v1::LoadStage& stage) {
            QVERIFY(!replied);
            percents.push_back(stage.percent());
        },
        [&](Result<v1::ModelStatus> answer) {
            replied = true;
            status = std::move(answer);
        });
    QVERIFY(test::awaitUntil([&] { return replied; }));
    QVERIFY(status.ok());
    QVERIFY(percents.size() > 5);
    QVERIFY(std::is_sorted(percents.begin(), percents.end()));
    QCOMPARE(status->state(), v1::MODEL_STATE_LOADED);
    QCOMPARE(status->model_id(), std::string("org/model"));
    QCOMPARE(status->version(), std::string("1"));
    QCOMPARE(status->device(), std::string("cpu"));
    QCOMPARE(status->dtype(), std::string("fp32"));
    QCOMPARE(status->embedding_dimension(), 5);
    QCOMPARE(status->resident_bytes(), std::int64_t(7) << 20);
    QCOMPARE(status->memory_usage_mb(), static_cast<double>(status->measured_bytes()) / (1 << 20)); // the ledger's
    QVERIFY(status->pid() > 0);
    QVERIFY(status->has_loaded_at());
    QCOMPARE(house.history(kKey), std::string("unloaded loading loaded"));
}

void TestLoading::aRequestLoadsTheModelFirst() {
    WorkerHouse house;
    house.make();
    house.script(kKey, "{}");
    QVERIFY(!house.manager().tryAcquire(kKey));
    auto lease = house.acquire(kKey);
    QVERIFY(lease.ok());
    const auto output = WorkerHouse::run(*lease, "hello");
    QVERIFY(output.ok());
    QCOMPARE(output->data().embedding().values_size(), 4);
    QCOMPARE(output->data().embedding().values(0), 5.0F);
    QCOMPARE(house.status(kKey).requests_total(), std::int64_t(1));
    QCOMPARE(house.status(kKey).in_flight(), 1);
    lease->release();
    QCOMPARE(house.status(kKey).in_flight(), 0);
}

void TestLoading::wishesForOneModelShareOneLoadAndAreServedInOrder() {
    WorkerHouse house;
    house.make();
    house.script(kKey, "{}");
    std::vector<int> order;
    std::vector<ModelLease> leases;
    for (int i = 0; i < 5; ++i)
        house.manager().acquire(kKey, {}, [&, i](Result<ModelLease> lease) {
            QVERIFY(lease.ok());
            order.push_back(i);
            leases.push_back(std::move(lease).value());
        });
    house.manager().load(kKey, {}, {}, [&](const Result<v1::ModelStatus>& status) {
        QVERIFY(status.ok());
        order.push_back(5);
    });
    QVERIFY(test::awaitUntil([&] { return order.size() == 6; }));
    QCOMPARE(order, (std::vector<int>{0, 1, 2, 3, 4, 5}));
    QCOMPARE(house.history(kKey), std::string("unloaded loading loaded"));
}

void TestLoading::aLoadedModelAnswersALoadAtOnce() {
    WorkerHouse house;
    house.make();
    house.script(kKey, "{}");
    const auto first = house.load(kKey);
    bool replied = false;
    house.manager().load(kKey, {}, {}, [&](const Result<v1::ModelStatus>& again) {
        replied = true;
        QCOMPARE(again->pid(), first->pid());
    });
    QVERIFY(replied);
}

void TestLoading::anUnknownModelIsNotFoundAndLeavesNoTrace() {
    WorkerHouse house;
    house.make();
    QCOMPARE(house.load("org/none@1").error().code, ErrorCode::ModelNotFound);
    QCOMPARE(house.acquire("org/none@1").error().code, ErrorCode::ModelNotFound);
    QCOMPARE(house.manager().status("org/none@1").error().code, ErrorCode::ModelNotFound);
    QVERIFY(house.manager().statuses().empty());
}

void TestLoading::aRefusedLoadKeepsItsExactReason() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"load": {"fail": {"code": "INVALID_MODEL_FILES", "message": "the tensor w is cut short",
        "details": {"tensor": "w", "file": "model.safetensors", "bytes": 12}}}})");
    const auto status = house.load(kKey);
    QVERIFY(!status.ok());
    QCOMPARE(status.error().code, ErrorCode::InvalidModelFiles);
    QCOMPARE(status.error().message, std::string("the tensor w is cut short"));
    QCOMPARE(fact(status.error(), "tensor"), std::string("w"));
    QCOMPARE(std::get<std::int64_t>(status.error().facts.at("bytes")), std::int64_t(12));
    QCOMPARE(fact(status.error(), "stage"), std::string("weights"));
    const auto now = house.status(kKey);
    QCOMPARE(now.state(), v1::MODEL_STATE_UNHEALTHY);
    QCOMPARE(now.last_failure().code(), std::string("INVALID_MODEL_FILES"));
    QCOMPARE(now.crashes(), 0);
    QVERIFY(!now.health_status().healthy());
}

void TestLoading::aCrashWhileLoadingNamesSignalStageAndLines() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"load": {"stderr": ["mapping weights", "bad page"], "signal": 9}})");
    const auto status = house.load(kKey);
    QCOMPARE(status.error().code, ErrorCode::ModelLoadFailed);
    QCOMPARE(fact(status.error(), "signal"), std::string("SIGKILL"));
    QCOMPARE(fact(status.error(), "stage"), std::string("weights"));
    QCOMPARE(std::get<std::vector<std::string>>(status.error().facts.at("last_lines")),
             (std::vector<std::string>{"mapping weights", "bad page"}));
    QCOMPARE(house.status(kKey).crashes(), 1);
}

void TestLoading::anExitWhileLoadingNamesTheCode() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"load": {"exit": true, "code": 42}})");
    const auto status = house.load(kKey);
    QCOMPARE(status.error().code, ErrorCode::ModelLoadFailed);
    QCOMPARE(std::get<std::int64_t>(status.error().facts.at("exit_code")), std::int64_t(42));
}

void TestLoading::aMissingProgramIsASpawnFailure() {
    WorkerHouse house;
    house.options.worker.program = "/nonexistent/modelmora-worker";
    house.make();
    house.script(kKey, "{}");
    const auto status = house.load(kKey);
    QCOMPARE(status.error().code, ErrorCode::ProcessSpawnFailed);
    QVERIFY(status.error().message.find("/nonexistent/modelmora-worker") != std::string::npos);
    QCOMPARE(house.status(kKey).state(), v1::MODEL_STATE_UNHEALTHY);
}

void TestLoading::aWorkerWithoutHelloIsKilled() {
    WorkerHouse house;
    house.options.worker.arguments = {"--hello", "none", "--print", "starting up"};
    house.options.worker.helloTimeout = 300ms;
    house.make();
    house.script(kKey, "{}");
    const auto status = house.load(kKey);
    QCOMPARE(status.error().code, ErrorCode::ModelLoadFailed);
    QVERIFY(status.error().message.find("did not say Hello within 300 ms") != std::string::npos);
    QCOMPARE(fact(status.error(), "stage"), std::string("spawn"));
}

void TestLoading::anEndlessLoadIsKilled() {
    WorkerHouse house;
    house.options.worker.loadTimeout = 300ms;
    house.make();
    house.script(kKey, R"({"load": {"hang": true}})");
    const auto status = house.load(kKey);
    QCOMPARE(status.error().code, ErrorCode::ModelLoadFailed);
    QVERIFY(status.error().message.find("did not finish loading within 300 ms") != std::string::npos);
}

void TestLoading::anExplicitLoadRetriesAfterAFailure() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"load": {"exit": true}})");
    QVERIFY(!house.load(kKey).ok());
    house.script(kKey, "{}");
    QVERIFY(house.load(kKey).ok());
    QCOMPARE(house.history(kKey), std::string("unloaded loading unhealthy loading loaded"));
    QCOMPARE(house.status(kKey).last_failure().code(), std::string("MODEL_LOAD_FAILED"));
    QVERIFY(house.status(kKey).health_status().healthy());
}

void TestLoading::repeatedFailuresAreAnsweredAtOnceUntilAnExplicitLoad() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"load": {"exit": true, "code": 7}})");
    for (int i = 0; i < 3; ++i)
        QCOMPARE(house.acquire(kKey).error().code, ErrorCode::ModelLoadFailed);
    const std::size_t changes = house.changes.size();
    const auto refused = house.acquire(kKey);
    QCOMPARE(refused.error().code, ErrorCode::UnhealthyModel);
    QVERIFY(std::get<std::int64_t>(refused.error().facts.at("retry_after_seconds")) > 0);
    QCOMPARE(std::get<std::int64_t>(refused.error().facts.at("exit_code")), std::int64_t(7));
    QCOMPARE(house.changes.size(), changes);
    house.script(kKey, "{}");
    QVERIFY(house.load(kKey).ok());
    QVERIFY(house.acquire(kKey).ok());
}

void TestLoading::requestsForAModelThatCannotLoadAreAnsweredAtOnceAndNothingIsStarted() {
    WorkerHouse house;
    house.make();
    house.script(kKey,
                 R"({"load": {"fail": {"code": "UNSUPPORTED_MODEL", "message": "no architecture \"mystery\""}}})");
    QCOMPARE(house.acquire(kKey).error().code, ErrorCode::UnsupportedModel);
    const auto loads = [&] { return house.history(kKey).size(); };
    const auto before = loads();
    constexpr int kRequests = 10'000;
    int answered = 0;
    for (int i = 0; i < kRequests; ++i)
        house.manager().acquire(kKey, {}, [&](const Result<ModelLease>& answer) {
            QCOMPARE(answer.error().code, ErrorCode::UnsupportedModel);
            QVERIFY(answer.error().message.starts_with("no architecture \"mystery\""));
            ++answered;
        });
    // All of them before the loop even turned, and no worker was started for any.
    QCOMPARE(answered, kRequests);
    QCOMPARE(loads(), before);
}

void TestLoading::aLastingFailureIsTriedAgainWhenTheModelHasChanged() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"load": {"fail": {"code": "INVALID_CONFIGURATION", "message": "no such dtype"}}})");
    QCOMPARE(house.acquire(kKey).error().code, ErrorCode::InvalidConfiguration);
    QCOMPARE(house.acquire(kKey).error().code, ErrorCode::InvalidConfiguration);
    QCOMPARE(house.history(kKey), std::string("unloaded loading unhealthy"));
    house.script(kKey, "{}");
    QVERIFY(test::awaitUntil([&] { return house.acquire(kKey).ok(); }));
    QCOMPARE(house.history(kKey), std::string("unloaded loading unhealthy loading loaded"));
}

void TestLoading::unloadingWhileLoadingFailsTheLoad() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"load": {"hang": true}})");
    Result<v1::ModelStatus> load = v1::ModelStatus{};
    house.manager().load(kKey, {}, {}, [&](Result<v1::ModelStatus> answer) { load = std::move(answer); });
    QVERIFY(test::awaitUntil([&] { return house.progress.size() > 2; }));
    const auto unloaded = house.unload(kKey);
    QVERIFY(unloaded.ok());
    QCOMPARE(load.error().code, ErrorCode::ModelNotLoaded);
    QCOMPARE(house.history(kKey), std::string("unloaded loading unhealthy unloaded"));
    QVERIFY(!house.status(kKey).has_last_failure());
}

void TestLoading::secretsOfTheEngineDoNotReachAWorker() {
    ::setenv("MM_TEST_TOKEN", "a-secret-of-the-operator", 1);
    ::setenv("MM_WORKER_TEST", "meant-for-workers", 1);
    WorkerHouse house;
    house.make();
    house.script(kKey, "{}");
    auto lease = house.acquire(kKey);
    const auto output = WorkerHouse::run(*lease, "environment");
    QVERIFY(output->data().text().find("meant-for-workers") != std::string::npos);
    QVERIFY(output->data().text().find("a-secret-of-the-operator") == std::string::npos);
}

void TestLoading::openFilesOfTheEngineDoNotReachAWorker() {
    const int leaky = ::open("/dev/null", O_RDONLY); // as a careless library would
    const int high = ::fcntl(leaky, F_DUPFD, 500);
    WorkerHouse house;
    house.make();
    house.script(kKey, "{}");
    auto lease = house.acquire(kKey);
    const auto output = WorkerHouse::run(*lease, "descriptors");
    const auto list = QString::fromStdString(output->data().text()).split(QLatin1Char(' '), Qt::SkipEmptyParts);
    // Input, outputs, its socket, and the folder that it lists.
    QCOMPARE(list.size(), 5);
    QVERIFY(!list.contains(QString::number(high)));
    ::close(leaky);
    ::close(high);
}

QTEST_GUILESS_MAIN(TestLoading)
#include "test_loading.moc"
