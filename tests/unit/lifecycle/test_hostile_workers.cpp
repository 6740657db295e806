// Workers that crash, hang, lie and flood while they run: each is cut off with its reason, and the engine goes on.
#include "engine/lifecycle/worker/process_table.h"
#include "tests/support/sanitized.h"
#include "tests/support/worker_house.h"

#include <QTest>

using namespace mm;
using namespace mm::lifecycle;
using mm::test::WorkerHouse;
using namespace std::chrono_literals;

namespace {

const std::string kKey = "org/model@1";

} // namespace

class TestHostileWorkers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void brokenProtocolIsCutOff_data();
    void brokenProtocolIsCutOff();
    void brokenGreetingIsCutOff_data();
    void brokenGreetingIsCutOff();
    void lyingWhileLoadingIsCutOff_data();
    void lyingWhileLoadingIsCutOff();
    void aCrashAnswersEveryRunningRequestWithItsReport();
    void aModelThatCrashedIsLoadedAfreshForTheNextRequest();
    void anExitWhileRunningNamesTheCode();
    void numbersThatCannotBeTrueAreCutOff_data();
    void numbersThatCannotBeTrueAreCutOff();
    void aMatrixOfAnotherSizeThanItSaysIsCutOff();
    void aHungWorkerIsKilled();
    void aStuckStepIsKilledThoughPingsAreAnswered();
    void aWrongPongIsCutOff();
    void aClosedSocketWithoutExitIsKilled();
    void aCancelThatIsNotObeyedKillsTheWorker();
    void lessPatienceHoldsForAWorkerThatRuns();
    void anOutputAfterTheAnswerToACancelIsCutOff();
    void aFrameThatComesByteByByteIsNoHeartbeat();
    void aLoadThatComesByteByByteEndsInTime();
    void aFloodOfOutputsNeitherGrowsNorStopsTheEngine();
    void aFloodOfProgressNeitherGrowsNorStopsTheEngine();
    void aWorkerThatDoesNotReadIsNotWrittenToWithoutEnd();
    void oneWorkersFaultIsNotAnothers();
};

void TestHostileWorkers::brokenProtocolIsCutOff_data() {
    QTest::addColumn<QString>("deed");
    QTest::addColumn<QString>("reason");
    QTest::newRow("an id that was never asked") << "wrong_id"
                                                << "never asked or is answered";
    QTest::newRow("a second answer") << "twice"
                                     << "never asked or is answered";
    QTest::newRow("bytes that are no message") << "garbage"
                                               << "cannot be parsed";
    QTest::newRow("a length over the limit") << "oversize"
                                             << "4294967295 bytes";
}

void TestHostileWorkers::brokenProtocolIsCutOff() {
    QFETCH(const QString, deed);
    QFETCH(const QString, reason);
    WorkerHouse house;
    house.make();
    house.script(kKey,
                 "{\"run\": {\"2\": {\"do\": \"" + deed.toStdString() + "\"}, \"1\": {\"do\": \"until_cancel\"}}}");
    auto lease = house.acquire(kKey);
    QVERIFY(lease.ok());
    Result<wv1::Output> waiting = Error{};
    bool answered = false;
    const auto sent = lease->run(test::textRequest("first"), [&](Result<wv1::Output> output) {
        answered = true;
        waiting = std::move(output);
    });
    QVERIFY(sent.ok());
    (void)WorkerHouse::run(*lease, "second");
    QVERIFY(test::awaitUntil([&] { return answered; }));
    QCOMPARE(waiting.error().code, ErrorCode::WorkerMisbehaved);
    QVERIFY2(waiting.error().message.find(reason.toStdString()) != std::string::npos, waiting.error().message.c_str());
    QCOMPARE(house.status(kKey).state(), v1::MODEL_STATE_UNHEALTHY);
    QVERIFY(test::awaitUntil([&] { return house.status(kKey).pid() == 0; }));
    QCOMPARE(lease->run(test::textRequest("x"), [](const auto&) {}).error().code, ErrorCode::ModelNotLoaded);
}

void TestHostileWorkers::brokenGreetingIsCutOff_data() {
    QTest::addColumn<QString>("hello");
    QTest::addColumn<QString>("reason");
    QTest::newRow("another protocol") << "wrong_protocol"
                                      << "protocol version 99";
    QTest::newRow("two greetings") << "twice"
                                   << "Hello out of order";
    QTest::newRow("garbage") << "garbage"
                             << "cannot be parsed";
    QTest::newRow("an output first") << "load_first"
                                     << "Output out of order";
}

void TestHostileWorkers::brokenGreetingIsCutOff() {
    QFETCH(const QString, hello);
    QFETCH(const QString, reason);
    WorkerHouse house;
    house.options.worker.arguments = {"--hello", hello.toStdString()};
    house.make();
    house.script(kKey, "{}");
    const auto status = house.load(kKey);
    QCOMPARE(status.error().code, ErrorCode::WorkerMisbehaved);
    QVERIFY2(status.error().message.find(reason.toStdString()) != std::string::npos, status.error().message.c_str());
}

void TestHostileWorkers::lyingWhileLoadingIsCutOff_data() {
    QTest::addColumn<QString>("lie");
    for (const char* lie : {"garbage", "oversize", "output", "hello", "empty"})
        QTest::newRow(lie) << lie;
}

void TestHostileWorkers::lyingWhileLoadingIsCutOff() {
    QFETCH(const QString, lie);
    WorkerHouse house;
    house.make();
    house.script(kKey, "{\"load\": {\"lie\": \"" + lie.toStdString() + "\"}}");
    const auto status = house.load(kKey);
    QCOMPARE(status.error().code, ErrorCode::WorkerMisbehaved);
    QCOMPARE(house.status(kKey).state(), v1::MODEL_STATE_UNHEALTHY);
}

void TestHostileWorkers::aCrashAnswersEveryRunningRequestWithItsReport() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"run": {"4": {"do": "signal", "signal": 11, "stderr": ["about to fail"]},
                                   "*": {"do": "until_cancel"}}})");
    auto lease = house.acquire(kKey);
    std::vector<Error> errors;
    for (int i = 0; i < 4; ++i)
        QVERIFY(lease
                    ->run(test::textRequest("x"),
                          [&](const Result<wv1::Output>& output) { errors.push_back(output.error()); })
                    .ok());
    QVERIFY(test::awaitUntil([&] { return errors.size() == 4; }));
    for (const Error& error : errors) {
        QCOMPARE(error.code, ErrorCode::WorkerCrashed);
        QCOMPARE(std::get<std::string>(error.facts.at("signal")), std::string("SIGSEGV"));
        QCOMPARE(std::get<std::string>(error.facts.at("stage")), std::string("running"));
        QCOMPARE(std::get<std::vector<std::string>>(error.facts.at("last_lines")).back(), std::string("about to fail"));
    }
    const auto status = house.status(kKey);
    QCOMPARE(status.state(), v1::MODEL_STATE_UNHEALTHY);
    QCOMPARE(status.crashes(), 1);
    QVERIFY(status.health_status().error_message().find("SIGSEGV") != std::string::npos);
}

void TestHostileWorkers::aModelThatCrashedIsLoadedAfreshForTheNextRequest() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"run": {"1": {"do": "signal"}}})");
    auto lease = house.acquire(kKey);
    QVERIFY(!WorkerHouse::run(*lease, "x").ok());
    house.script(kKey, "{}");
    auto again = house.acquire(kKey);
    QVERIFY(again.ok());
    QVERIFY(WorkerHouse::run(*again, "x").ok());
    // The old lease knows that its worker is gone, and letting go of it does not count against the new one.
    QCOMPARE(lease->run(test::textRequest("x"), [](const auto&) {}).error().code, ErrorCode::ModelNotLoaded);
    lease->release();
    QCOMPARE(house.status(kKey).in_flight(), 1);
    QCOMPARE(house.history(kKey), std::string("unloaded loading loaded unhealthy loading loaded"));
}

void TestHostileWorkers::anExitWhileRunningNamesTheCode() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"run": {"1": {"do": "exit", "code": 5}}})");
    auto lease = house.acquire(kKey);
    const auto output = WorkerHouse::run(*lease, "x");
    QCOMPARE(output.error().code, ErrorCode::WorkerCrashed);
    QCOMPARE(std::get<std::int64_t>(output.error().facts.at("exit_code")), std::int64_t(5));
}

void TestHostileWorkers::numbersThatCannotBeTrueAreCutOff_data() {
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("number");
    const auto row = [](const char* name, const char* script, const char* number) {
        QTest::newRow(name) << QString::fromUtf8(script) << QString::fromUtf8(number);
    };
    row("negative memory", R"({"loaded": {"memory": {"resident_bytes": -1}}})", "memory.resident_bytes = -1");
    row("more memory than there is", R"({"loaded": {"weights_bytes": "9223372036854775807"}})", "weights_bytes = 9");
    row("a negative dimension", R"({"loaded": {"embedding_dimension": -5}})", "embedding_dimension = -5");
    row("a Pong's memory", R"({"pong": {"memory": {"peak_bytes": "9223372036854775807"}}})", "memory.peak_bytes = 9");
    row("a step before its begin", R"({"pong": {"step_us": -1}})", "step_us = -1");
}

void TestHostileWorkers::numbersThatCannotBeTrueAreCutOff() {
    QFETCH(const QString, script);
    QFETCH(const QString, number);
    WorkerHouse house;
    house.make();
    house.script(kKey, script.toStdString());
    (void)house.load(kKey);
    QVERIFY(house.awaitState(kKey, v1::MODEL_STATE_UNHEALTHY));
    const auto failure = house.status(kKey).last_failure();
    QCOMPARE(failure.code(), std::string("WORKER_MISBEHAVED"));
    QVERIFY2(failure.message().find(number.toStdString()) != std::string::npos, failure.message().c_str());
}

void TestHostileWorkers::aMatrixOfAnotherSizeThanItSaysIsCutOff() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"output": {"data": {"embedding_matrix": {"rows": 2, "dimension": 4, "data": "AAAA"}}}})");
    auto lease = house.acquire(kKey);
    const auto output = WorkerHouse::run(*lease, "x");
    QCOMPARE(output.error().code, ErrorCode::WorkerMisbehaved);
    QVERIFY2(output.error().message.find("2 x 4 numbers in 3 bytes") != std::string::npos,
             output.error().message.c_str());
}

void TestHostileWorkers::aStuckStepIsKilledThoughPingsAreAnswered() {
    WorkerHouse house;
    house.options.worker.stepTimeout = 100ms;
    house.make();
    house.script(kKey, R"({"run": {"1": {"do": "stuck"}}})");
    auto lease = house.acquire(kKey);
    const auto output = WorkerHouse::run(*lease, "x");
    QCOMPARE(output.error().code, ErrorCode::WorkerCrashed);
    QCOMPARE(std::get<std::string>(output.error().facts.at("cause")), std::string("step_timeout"));
    QVERIFY(std::get<std::int64_t>(output.error().facts.at("step_ms")) >= 100);
    QCOMPARE(std::get<std::int64_t>(output.error().facts.at("running")), std::int64_t(1));
    QVERIFY(test::awaitUntil([&] { return house.status(kKey).pid() == 0; }));
}

void TestHostileWorkers::aHungWorkerIsKilled() {
    WorkerHouse house;
    house.options.worker.pingInterval = 20ms;
    house.options.worker.missedPings = 10;
    house.make();
    house.script(kKey, R"({"run": {"1": {"do": "hang"}}})");
    auto lease = house.acquire(kKey);
    const auto output = WorkerHouse::run(*lease, "x");
    QCOMPARE(output.error().code, ErrorCode::WorkerCrashed);
    QVERIFY(output.error().message.find("did not answer for 200 ms") != std::string::npos);
    QVERIFY(test::awaitUntil([&] { return house.status(kKey).pid() == 0; }));
}

void TestHostileWorkers::aWrongPongIsCutOff() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"pong": "wrong"})");
    QVERIFY(house.load(kKey).ok());
    QVERIFY(house.awaitState(kKey, v1::MODEL_STATE_UNHEALTHY));
    QCOMPARE(house.status(kKey).last_failure().code(), std::string("WORKER_MISBEHAVED"));
}

void TestHostileWorkers::aClosedSocketWithoutExitIsKilled() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"run": {"1": {"do": "close"}}})");
    auto lease = house.acquire(kKey);
    const auto output = WorkerHouse::run(*lease, "x");
    QCOMPARE(output.error().code, ErrorCode::WorkerMisbehaved);
    QVERIFY(output.error().message.find("closed its socket") != std::string::npos);
}

void TestHostileWorkers::aCancelThatIsNotObeyedKillsTheWorker() {
    WorkerHouse house;
    house.options.worker.cancelGrace = 100ms;
    // The timer of the cancel ends it, not the next beat of the heart.
    house.options.worker.pingInterval = 1h;
    house.make();
    house.script(kKey, R"({"run": {"1": {"do": "ignore"}}})");
    auto lease = house.acquire(kKey);
    Result<wv1::Output> answer = wv1::Output{};
    const auto id = lease->run(test::textRequest("x"), [&](Result<wv1::Output> output) { answer = std::move(output); });
    lease->cancel(*id);
    QVERIFY(test::awaitUntil([&] { return !answer.ok(); }));
    QCOMPARE(std::get<std::string>(answer.error().facts.at("cause")), std::string("cancel_not_obeyed"));
}

void TestHostileWorkers::lessPatienceHoldsForAWorkerThatRuns() {
    WorkerHouse house;
    house.options.worker.cancelGrace = 1h;
    house.options.worker.pingInterval = 1h;
    house.make();
    house.script(kKey, R"({"run": {"1": {"do": "ignore"}}})");
    auto lease = house.acquire(kKey);
    Result<wv1::Output> answer = wv1::Output{};
    const auto id = lease->run(test::textRequest("x"), [&](Result<wv1::Output> output) { answer = std::move(output); });
    lease->cancel(*id);
    house.options.worker.cancelGrace = 100ms;
    house.manager().setOptions(house.options);
    QVERIFY(test::awaitUntil([&] { return !answer.ok(); }));
    QCOMPARE(std::get<std::string>(answer.error().facts.at("cause")), std::string("cancel_not_obeyed"));
}

void TestHostileWorkers::anOutputAfterTheAnswerToACancelIsCutOff() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"run": {"1": {"do": "after_cancel"}}})");
    auto lease = house.acquire(kKey);
    int answers = 0;
    const auto id = lease->run(test::textRequest("x"), [&](const auto&) { ++answers; });
    lease->cancel(*id);
    QVERIFY(house.awaitState(kKey, v1::MODEL_STATE_UNHEALTHY));
    QCOMPARE(answers, 1);
    QCOMPARE(house.status(kKey).last_failure().code(), std::string("WORKER_MISBEHAVED"));
}

void TestHostileWorkers::aFrameThatComesByteByByteIsNoHeartbeat() {
    WorkerHouse house;
    house.options.worker.pingInterval = 20ms;
    house.options.worker.missedPings = 10;
    house.make();
    house.script(kKey, R"({"run": {"1": {"do": "loris"}}})");
    auto lease = house.acquire(kKey);
    const auto output = WorkerHouse::run(*lease, "x");
    QCOMPARE(std::get<std::string>(output.error().facts.at("cause")), std::string("no_heartbeat"));
}

void TestHostileWorkers::aLoadThatComesByteByByteEndsInTime() {
    WorkerHouse house;
    house.options.worker.loadTimeout = 300ms;
    house.make();
    house.script(kKey, R"({"load": {"lie": "loris"}})");
    QCOMPARE(house.load(kKey).error().code, ErrorCode::ModelLoadFailed);
}

void TestHostileWorkers::aFloodOfOutputsNeitherGrowsNorStopsTheEngine() {
    WorkerHouse house;
    house.options.worker.cancelGrace = 200ms;
    house.make();
    house.script(kKey, R"({"run": {"1": {"do": "flood"}}})");
    house.script("org/other@1", "{}");
    auto lease = house.acquire(kKey);
    long partials = 0;
    bool ended = false;
    const auto before = residentBytes(QCoreApplication::applicationPid());
    const auto id = lease->run(test::textRequest("x"), [&](const Result<wv1::Output>& output) {
        partials += output.ok() ? 1 : 0;
        ended = !output.ok();
    });
    QVERIFY(test::awaitUntil([&] { return partials > 300; }));
    auto other = house.acquire("org/other@1");
    QVERIFY(WorkerHouse::run(*other, "still served").ok());
    const auto after = residentBytes(QCoreApplication::applicationPid());
    QVERIFY(test::kSanitized || *after - *before < (32 << 20));
    lease->cancel(*id);
    QVERIFY(test::awaitUntil([&] { return ended; }));
}

void TestHostileWorkers::aFloodOfProgressNeitherGrowsNorStopsTheEngine() {
    WorkerHouse house;
    house.options.worker.loadTimeout = 500ms;
    house.make();
    house.script(kKey, R"({"load": {"flood": true}})");
    QCOMPARE(house.load(kKey).error().code, ErrorCode::ModelLoadFailed);
    QVERIFY(house.progress.size() < 100);
}

void TestHostileWorkers::aWorkerThatDoesNotReadIsNotWrittenToWithoutEnd() {
    WorkerHouse house;
    house.options.worker.maxUnsentBytes = 4U << 20;
    house.make();
    house.script(kKey, R"({"run": {"1": {"do": "hang"}}})");
    auto lease = house.acquire(kKey);
    const auto request = test::textRequest(std::string(1U << 20, 'x'));
    std::optional<Error> refused;
    for (int i = 0; i < 20 && !refused; ++i) {
        const auto sent = lease->run(request, [](const auto&) {});
        if (!sent)
            refused = sent.error();
    }
    QVERIFY(refused.has_value());
    QCOMPARE(refused->code, ErrorCode::QueueFull);
    QVERIFY(refused->facts.contains("retry_after_seconds"));
}

void TestHostileWorkers::oneWorkersFaultIsNotAnothers() {
    WorkerHouse house;
    house.make();
    house.script(kKey, R"({"run": {"1": {"do": "signal"}}})");
    house.script("org/other@1", R"({"run": {"1": {"do": "with_next"}}})");
    auto lease = house.acquire(kKey);
    auto other = house.acquire("org/other@1");
    std::optional<bool> otherOk;
    QVERIFY(other->run(test::textRequest("y"), [&](const Result<wv1::Output>& output) { otherOk = output.ok(); }).ok());
    QVERIFY(!WorkerHouse::run(*lease, "x").ok());
    QVERIFY(!otherOk.has_value());
    QVERIFY(WorkerHouse::run(*other, "z").ok());
    QVERIFY(*otherOk);
    QCOMPARE(house.status("org/other@1").state(), v1::MODEL_STATE_LOADED);
}

QTEST_GUILESS_MAIN(TestHostileWorkers)
#include "test_hostile_workers.moc"
