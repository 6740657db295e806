// Requests through the dispatcher to real worker processes: load on first use, crash, cancel, timeout, and the cost.
#include "engine/inference/dispatcher.h"
#include "tests/support/house_leases.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace mm;
using namespace mm::inference;
using namespace std::chrono_literals;

namespace {

struct Served {
    Served() : leases(house) {}
    void make() {
        house.make();
        dispatcher = std::make_unique<Dispatcher>(DispatcherOptions{},
                                                  Dispatcher::Ports{leases, leases, house.clock(), house.executor()});
    }
    void submit(const std::string& text, const std::string& id, Reply<Dispatcher::Response> reply, int timeout = 0,
                const std::string& model = "org/model") {
        auto request = std::make_shared<v1::InferenceRequest>(test::textRequest(text));
        request->set_model_id(model);
        request->set_timeout_seconds(timeout);
        dispatcher->submit(std::move(request), {id, "test", house.clock().now()}, std::move(reply));
    }
    Result<Dispatcher::Response> ask(const std::string& text, const std::string& model = "org/model") {
        return test::await<Dispatcher::Response>([&](auto reply) { submit(text, "id", std::move(reply), 0, model); });
    }

    test::WorkerHouse house;
    test::HouseLeases leases;
    std::unique_ptr<Dispatcher> dispatcher;
};

} // namespace

class TestDispatchToWorkers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theFirstRequestLoadsTheModelAndIsAnswered();
    void aRequestCancelledWhileItsModelLoadsEndsAtOnce();
    void anObeyedCancelLeavesTheModelLoaded();
    void aTimeoutThatTheWorkerIgnoresEndsTheWorkerAndNotTheBystander();
    void aStuckStepEndsTheWorkerAndItsRequestsRunAgain();
    void aRequestThatIsStuckTwiceIsGivenUp();
    void aCrashIsReportedAndTheNextRequestIsServed();
    void manyRequestsAtOnceAreAllAnswered();
    void aRoundTripCostsLittle();
};

void TestDispatchToWorkers::theFirstRequestLoadsTheModelAndIsAnswered() {
    Served served;
    served.make();
    served.house.script("org/model@1", "{}");
    const auto answer = served.ask("hello");
    QVERIFY(answer.ok());
    const auto& metadata = answer.value()->metadata();
    QCOMPARE(answer.value()->output_data().embedding().values(0), 5.0F);
    QVERIFY(metadata.load_ms() > 0);
    QCOMPARE(metadata.compute_ms(), 0.03);
    QCOMPARE(metadata.dtype(), std::string("fp32"));
    QVERIFY(metadata.total_time_ms() >= metadata.load_ms());
    QCOMPARE(served.house.status("org/model@1").in_flight(), 0);
}

void TestDispatchToWorkers::aRequestCancelledWhileItsModelLoadsEndsAtOnce() {
    Served served;
    served.make();
    served.house.script("org/model@1", "{}");
    std::optional<ErrorCode> code;
    served.submit("x", "mine", [&](const auto& answer) { code = answer.error().code; });
    served.dispatcher->cancel("mine");
    QCOMPARE(code.value(), ErrorCode::RequestCancelled);
    // The load goes on, for whoever comes next.
    QVERIFY(served.house.awaitState("org/model@1", v1::MODEL_STATE_LOADED));
    QCOMPARE(served.house.status("org/model@1").in_flight(), 0);
}

void TestDispatchToWorkers::anObeyedCancelLeavesTheModelLoaded() {
    Served served;
    served.make();
    served.house.script("org/model@1", R"({"run": {"1": {"do": "until_cancel"}}})");
    QVERIFY(served.house.load("org/model@1").ok());
    const auto pid = served.house.status("org/model@1").pid();
    std::optional<ErrorCode> code;
    served.submit("x", "mine", [&](const auto& answer) { code = answer.error().code; });
    served.dispatcher->cancel("mine");
    QCOMPARE(code.value(), ErrorCode::RequestCancelled);
    QVERIFY(test::awaitUntil([&] { return served.dispatcher->unfinished() == 0; }));
    QVERIFY(served.ask("still here").ok());
    QCOMPARE(served.house.status("org/model@1").pid(), pid);
}

void TestDispatchToWorkers::aTimeoutThatTheWorkerIgnoresEndsTheWorkerAndNotTheBystander() {
    Served served;
    served.house.options.worker.cancelGrace = 50ms;
    served.make();
    served.house.script("org/model@1", R"({"run": {"1": {"do": "ignore"}, "2": {"do": "until_cancel"}}})");
    std::optional<Error> timedOut;
    std::optional<bool> bystander;
    served.submit(
        "culprit", "1", [&](const auto& answer) { timedOut = answer.error(); }, 1);
    served.submit("bystander", "2", [&](const auto& answer) { bystander = answer.ok(); });
    QVERIFY(test::awaitUntil([&] { return served.dispatcher->running() == 2; }));
    served.house.script("org/model@1", "{}"); // for the worker that follows
    QVERIFY(test::awaitUntil([&] { return timedOut && bystander; }));
    QCOMPARE(timedOut->code, ErrorCode::InferenceTimeout);
    QVERIFY(*bystander);
}

void TestDispatchToWorkers::aStuckStepEndsTheWorkerAndItsRequestsRunAgain() {
    Served served;
    served.house.options.worker.stepTimeout = 100ms;
    served.make();
    served.house.script("org/model@1", R"({"run": {"*": {"do": "stuck"}}})");
    QVERIFY(served.house.load("org/model@1").ok());
    served.house.script("org/model@1", "{}");
    int answered = 0;
    for (const char* id : {"one", "two"})
        served.submit("x", id, [&](const auto& answer) { answered += answer.ok() ? 1 : 100; });
    QVERIFY(test::awaitUntil([&] { return answered == 2; }));
    QCOMPARE(served.house.status("org/model@1").crashes(), 1);
}

void TestDispatchToWorkers::aRequestThatIsStuckTwiceIsGivenUp() {
    Served served;
    served.house.options.worker.stepTimeout = 100ms;
    served.make();
    served.house.script("org/model@1", R"({"run": {"*": {"do": "stuck"}}})");
    const auto answer = served.ask("x");
    QCOMPARE(answer.error().code, ErrorCode::WorkerCrashed);
    QVERIFY(answer.error().message.find("step-timeout") != std::string::npos);
    QCOMPARE(served.house.status("org/model@1").crashes(), 2);
}

void TestDispatchToWorkers::aCrashIsReportedAndTheNextRequestIsServed() {
    Served served;
    served.make();
    served.house.script("org/model@1", R"({"run": {"1": {"do": "signal", "signal": 6}}})");
    const auto crashed = served.ask("x");
    QCOMPARE(crashed.error().code, ErrorCode::WorkerCrashed);
    QCOMPARE(std::get<std::string>(crashed.error().facts.at("signal")), std::string("SIGABRT"));
    served.house.script("org/model@1", "{}");
    QVERIFY(served.ask("x").ok());
}

void TestDispatchToWorkers::manyRequestsAtOnceAreAllAnswered() {
    Served served;
    served.make();
    served.house.script("org/model@1", "{}");
    int right = 0;
    constexpr int kRequests = 4000;
    for (int i = 0; i < kRequests; ++i)
        served.submit(std::string(static_cast<std::size_t>(i % 100), 'x'), std::to_string(i),
                      [&right, i](const auto& answer) {
                          right += answer.ok() &&
                                   answer.value()->output_data().embedding().values(0) == static_cast<float>(i % 100);
                      });
    QVERIFY(test::awaitUntil([&] { return served.dispatcher->unfinished() == 0; }));
    QCOMPARE(right, kRequests);
}

void TestDispatchToWorkers::aRoundTripCostsLittle() {
    Served served;
    served.make();
    served.house.script("org/model@1", R"({"dimension": 384})");
    QVERIFY(served.house.load("org/model@1").ok());
    constexpr int kTrips = 2000;
    std::vector<qint64> times;
    QElapsedTimer timer;
    std::function<void()> next = [&] {
        timer.start();
        served.submit("a short sentence of twelve words to embed, as they come", "id", [&](const auto& answer) {
            QVERIFY(answer.ok());
            times.push_back(timer.nsecsElapsed());
            if (times.size() < kTrips)
                next();
        });
    };
    next();
    QVERIFY(test::awaitUntil([&] { return times.size() == kTrips; }));
    std::sort(times.begin(), times.end());
    // Told, not judged: times are for benchmarks.
    qInfo("dispatcher, socket, fake worker and back: p50 %.0f us, p99 %.0f us", times[kTrips / 2] / 1e3,
          times[kTrips * 99 / 100] / 1e3);
}

QTEST_GUILESS_MAIN(TestDispatchToWorkers)
#include "test_dispatch_to_workers.moc"
