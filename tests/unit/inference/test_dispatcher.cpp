// The dispatcher's own decisions, over scripted leases and a clock turned by hand.
#include "engine/base/qt_executor.h"
#include "engine/inference/dispatcher.h"
#include "tests/support/manual_clock.h"
#include "tests/support/scripted_leases.h"

#include <QTest>

using namespace mm;
using namespace mm::inference;
using namespace std::chrono_literals;

namespace {

struct House {
    explicit House(DispatcherOptions options = {})
        : dispatcher(std::make_unique<Dispatcher>(options, Dispatcher::Ports{leases, leases, clock, executor})) {}

    // The index of its answer.
    std::size_t submit(const std::string& text, const std::string& id = "id", int timeout = 0,
                       const std::string& model = "org/m", bool patient = false) {
        auto request = std::make_shared<v1::InferenceRequest>();
        request->set_model_id(model);
        request->mutable_input_data()->set_text(text);
        request->set_timeout_seconds(timeout);
        request->set_priority(text == "urgent" ? v1::PRIORITY_CRITICAL : v1::PRIORITY_UNSPECIFIED);
        const std::size_t index = answers.size();
        answers.emplace_back();
        dispatcher->submit(std::move(request), {id, "client", clock.now(), patient}, [this, index](auto answer) {
            QVERIFY(!answers[index]);
            answers[index] = std::move(answer);
        });
        return index;
    }
    ErrorCode code(std::size_t index) { return answers.at(index).value().error().code; }

    test::ManualClock clock;
    QtExecutor executor;
    test::ScriptedLeases leases;
    std::vector<std::optional<Result<Dispatcher::Response>>> answers;
    std::unique_ptr<Dispatcher> dispatcher;
};

} // namespace

class TestDispatcher : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRequestOfALoadedModelIsSentAtOnceAndAnswered();
    void theAnswerTellsWhereTheTimeWent();
    void requestsWaitForTheirModelAndGoInOrder();
    void whatCannotSucceedIsRefusedAtOnce();
    void aFailedLoadAnswersAllWhoWait();
    void aLeaseLostMidwayMakesTheRestWaitAgain();
    void aWaitingRequestCanBeCancelled();
    void aRunningRequestCanBeCancelled();
    void cancellingAnIdEndsAllItsRequestsAndNoOther();
    void aCancelledWaiterDoesNotKeepTheOthersBack();
    void deadlinesEndWaitingAndRunningRequests();
    void aPatientRequestHasItsTimeoutOnceAWorkerHasIt();
    void aPatientRequestIsNotLateWhileMoreUrgentOnesAreComputed();
    void theTimerItselfEndsRequests();
    void boundsHoldInAllAndByModel();
    void whatTheWorkerStillHasCountsAgainstTheBound();
    void aWorkersErrorIsPassedOnAsItIs();
    void anAnswerWithoutAResultIsAnError();
    void bystandersOfAKilledWorkerRunAgainOnce();
    void theEndOfTheEngineAnswersEveryone();
    void answersAfterTheDispatcherAreHarmless();
};

void TestDispatcher::aRequestOfALoadedModelIsSentAtOnceAndAnswered() {
    House house;
    house.submit("a");
    QCOMPARE(house.leases.runs.size(), std::size_t(1));
    QCOMPARE(house.leases.leases, 1);
    QCOMPARE(house.dispatcher->running(), std::size_t(1));
    house.leases.answer(0);
    const auto& response = *house.answers[0]->value();
    QCOMPARE(response.output_data().embedding().values(0), 1.0F);
    QCOMPARE(response.model_id(), std::string("org/m"));
    QCOMPARE(response.metadata().request_id(), std::string("id"));
    QCOMPARE(response.metadata().model_version(), std::string("1"));
    QCOMPARE(response.metadata().device(), std::string("cpu"));
    QCOMPARE(house.leases.leases, 0);
    QCOMPARE(house.dispatcher->unfinished(), std::size_t(0));
}

void TestDispatcher::theAnswerTellsWhereTheTimeWent() {
    House house;
    house.leases.open = false;
    house.submit("a");
    house.clock.advance(40ms);
    house.leases.giveAll();
    house.clock.advance(10ms);
    wv1::Output output;
    output.set_last(true);
    output.mutable_data()->mutable_embedding();
    output.mutable_times()->set_wait_us(1000);
    output.mutable_times()->set_tokenize_us(2000);
    output.mutable_times()->set_compute_us(3000);
    output.set_input_tokens(17);
    output.set_truncated_inputs(1);
    output.set_batch_size(2);
    house.leases.runs[0].handler(output);
    const auto& metadata = house.answers[0]->value()->metadata();
    QCOMPARE(metadata.total_time_ms(), 50.0);
    QCOMPARE(metadata.load_ms(), 40.0);
    QCOMPARE(metadata.queue_ms(), 0.0);
    QCOMPARE(metadata.batch_wait_ms(), 1.0);
    QCOMPARE(metadata.tokenize_ms(), 2.0);
    QCOMPARE(metadata.compute_ms(), 3.0);
    QCOMPARE(metadata.inference_time_ms(), 5.0);
    QCOMPARE(metadata.send_ms(), 4.0);
    QCOMPARE(metadata.input_tokens(), std::int64_t(17));
    QCOMPARE(metadata.truncated_inputs(), 1);
    QCOMPARE(metadata.batch_size(), 2);
}

void TestDispatcher::requestsWaitForTheirModelAndGoInOrder() {
    House house;
    house.leases.open = false;
    for (const char* text : {"a", "urgent", "c"})
        house.submit(text);
    QCOMPARE(house.leases.wanted.size(), std::size_t(1)); // one load, not three
    QCOMPARE(house.dispatcher->waiting().medium_priority(), 2);
    QCOMPARE(house.dispatcher->waiting().critical_priority(), 1);
    house.leases.open = true;
    // Who comes now, before the lease is given, stands behind those who wait.
    house.submit("d");
    house.leases.giveAll();
    QStringList order;
    for (const auto& run : house.leases.runs)
        order << QString::fromStdString(run.text);
    QCOMPARE(order.join(QLatin1Char(' ')), QStringLiteral("urgent a c d"));
    QCOMPARE(house.leases.leases, 4);
}

void TestDispatcher::whatCannotSucceedIsRefusedAtOnce() {
    House house;
    QCOMPARE(house.code(house.submit("a", "id", 0, "unknown/m")), ErrorCode::ModelNotFound);
    QCOMPARE(house.code(house.submit("a", "id", 601)), ErrorCode::ValidationError);
    house.leases.task = v1::TASK_TYPE_IMG2EMBED;
    const auto wrong = house.submit("a");
    QCOMPARE(house.code(wrong), ErrorCode::InvalidInput);
    QVERIFY(house.answers[wrong]->error().message.find("img2embed") != std::string::npos);
    QVERIFY(house.leases.runs.empty());
    QCOMPARE(house.dispatcher->unfinished(), std::size_t(0));
}

void TestDispatcher::aFailedLoadAnswersAllWhoWait() {
    House house;
    house.leases.open = false;
    house.submit("a");
    house.submit("b");
    house.leases.wanted.at(0)(Error{ErrorCode::InvalidModelFiles, "the tensor w is cut short"});
    QCOMPARE(house.code(0), ErrorCode::InvalidModelFiles);
    QCOMPARE(house.code(1), ErrorCode::InvalidModelFiles);
    QCOMPARE(house.dispatcher->unfinished(), std::size_t(0));
}

void TestDispatcher::aLeaseLostMidwayMakesTheRestWaitAgain() {
    House house;
    house.leases.open = false;
    for (const char* text : {"a", "b", "c"})
        house.submit(text);
    house.leases.giveAll(); // one lease, and no more to be had
    QCOMPARE(house.leases.runs.size(), std::size_t(1));
    QCOMPARE(house.leases.wanted.size(), std::size_t(1));
    house.leases.open = true;
    house.leases.giveAll();
    QCOMPARE(house.leases.runs.size(), std::size_t(3));
    QCOMPARE(house.leases.runs[1].text, std::string("b"));
}

void TestDispatcher::aWaitingRequestCanBeCancelled() {
    House house;
    house.leases.open = false;
    house.submit("a");
    house.dispatcher->cancel("id");
    QCOMPARE(house.code(0), ErrorCode::RequestCancelled);
    house.leases.giveAll();
    QVERIFY(house.leases.runs.empty());
    QCOMPARE(house.leases.leases, 0);
}

void TestDispatcher::aRunningRequestCanBeCancelled() {
    House house;
    house.submit("a");
    house.dispatcher->cancel("id");
    QCOMPARE(house.code(0), ErrorCode::RequestCancelled);
    QVERIFY(house.leases.runs[0].cancelled);
    // The worker still has it: the model must not be unloaded under it.
    QCOMPARE(house.leases.leases, 1);
    house.leases.answer(0);
    QCOMPARE(house.leases.leases, 0);
    QCOMPARE(house.dispatcher->unfinished(), std::size_t(0));
}

void TestDispatcher::cancellingAnIdEndsAllItsRequestsAndNoOther() {
    House house;
    house.submit("a", "same");
    house.submit("b", "other");
    house.submit("c", "same");
    house.dispatcher->cancel("same");
    house.dispatcher->cancel("nobody's");
    QCOMPARE(house.code(0), ErrorCode::RequestCancelled);
    QVERIFY(!house.answers[1]);
    QCOMPARE(house.code(2), ErrorCode::RequestCancelled);
}

void TestDispatcher::aCancelledWaiterDoesNotKeepTheOthersBack() {
    House house;
    house.leases.open = false;
    house.submit("a", "1");
    house.submit("b", "2");
    house.dispatcher->cancel("1");
    house.leases.giveAll();
    QCOMPARE(house.leases.runs.size(), std::size_t(1));
    QCOMPARE(house.leases.runs[0].text, std::string("b"));
}

void TestDispatcher::deadlinesEndWaitingAndRunningRequests() {
    House house;
    house.submit("runs", "1", 5);
    house.leases.open = false;
    house.submit("waits", "2", 7);
    house.submit("waits longer", "3", 0);
    house.clock.advance(5s);
    house.dispatcher->expire();
    QCOMPARE(house.code(0), ErrorCode::InferenceTimeout);
    QCOMPARE(std::get<std::string>(house.answers[0]->error().facts.at("stage")), std::string("running"));
    QVERIFY(house.leases.runs[0].cancelled);
    QVERIFY(!house.answers[1]);
    house.clock.advance(2s);
    house.dispatcher->expire();
    QCOMPARE(house.code(1), ErrorCode::InferenceTimeout);
    QCOMPARE(std::get<std::int64_t>(house.answers[1]->error().facts.at("timeout_seconds")), std::int64_t(7));
    QVERIFY(!house.answers[2]);
}

void TestDispatcher::aPatientRequestHasItsTimeoutOnceAWorkerHasIt() {
    House house;
    house.leases.open = false;
    house.submit("a", "id", 5, "org/m", true);
    house.clock.advance(24h);
    house.dispatcher->expire();
    QVERIFY(!house.answers[0]);
    house.leases.giveAll();
    house.clock.advance(4s);
    house.dispatcher->expire();
    QVERIFY(!house.answers[0]);
    house.clock.advance(1s);
    house.dispatcher->expire();
    QCOMPARE(house.code(0), ErrorCode::InferenceTimeout);
    QCOMPARE(std::get<std::int64_t>(house.answers[0]->error().facts.at("timeout_seconds")), std::int64_t(5));
}

void TestDispatcher::aPatientRequestIsNotLateWhileMoreUrgentOnesAreComputed() {
    House house;
    house.submit("a", "id", 5, "org/m", true);
    house.submit("urgent", "2", 60, "org/other");
    house.clock.advance(20s);
    house.dispatcher->expire();
    QVERIFY(!house.answers[0]);
    house.leases.answer(1);
    house.clock.advance(4s);
    house.dispatcher->expire();
    QVERIFY(!house.answers[0]);
    house.clock.advance(1s);
    house.dispatcher->expire();
    QCOMPARE(house.code(0), ErrorCode::InferenceTimeout);
}

void TestDispatcher::theTimerItselfEndsRequests() {
    test::ScriptedLeases leases;
    const SystemClock clock;
    QtExecutor executor;
    Dispatcher dispatcher({}, {leases, leases, clock, executor});
    auto request = std::make_shared<v1::InferenceRequest>();
    request->mutable_input_data()->set_text("a");
    request->set_timeout_seconds(1);
    std::optional<ErrorCode> code;
    // Received a while ago: nearly all of its time is used up.
    dispatcher.submit(request, {"id", "c", clock.now() - 990ms},
                      [&](const auto& answer) { code = answer.error().code; });
    QVERIFY(!code);
    QTRY_VERIFY_WITH_TIMEOUT(code.has_value(), 60'000);
    QCOMPARE(*code, ErrorCode::InferenceTimeout);
}

void TestDispatcher::boundsHoldInAllAndByModel() {
    DispatcherOptions options;
    options.maxRequests = 5;
    options.maxRequestsPerModel = 3;
    House house(options);
    for (int i = 0; i < 3; ++i)
        house.submit("a");
    QCOMPARE(house.code(house.submit("a")), ErrorCode::QueueFull);
    house.submit("b", "id", 0, "org/n");
    house.submit("b", "id", 0, "org/n");
    QCOMPARE(house.code(house.submit("c", "id", 0, "org/o")), ErrorCode::QueueFull);
    house.leases.answer(0);
    const auto again = house.submit("a");
    QVERIFY(!house.answers[again]);
}

void TestDispatcher::whatTheWorkerStillHasCountsAgainstTheBound() {
    DispatcherOptions options;
    options.maxRequestsPerModel = 1;
    House house(options);
    house.submit("a");
    house.dispatcher->cancel("id");
    QCOMPARE(house.code(house.submit("b")), ErrorCode::QueueFull);
    house.leases.answer(0);
    QVERIFY(!house.answers[house.submit("c")]);
}

void TestDispatcher::aWorkersErrorIsPassedOnAsItIs() {
    House house;
    house.submit("a");
    wv1::Output output;
    output.set_last(true);
    output.mutable_error()->set_code("INVALID_INPUT");
    output.mutable_error()->set_message("the text is not UTF-8");
    house.leases.runs[0].handler(output);
    QCOMPARE(house.code(0), ErrorCode::InvalidInput);
    QCOMPARE(house.answers[0]->error().message, std::string("the text is not UTF-8"));
}

void TestDispatcher::anAnswerWithoutAResultIsAnError() {
    House house;
    house.submit("a");
    wv1::Output output;
    house.leases.runs[0].handler(output); // partial: ignored
    QVERIFY(!house.answers[0]);
    output.set_last(true);
    house.leases.runs[0].handler(output);
    QCOMPARE(house.code(0), ErrorCode::WorkerMisbehaved);
}

void TestDispatcher::bystandersOfAKilledWorkerRunAgainOnce() {
    House house;
    house.submit("bystander", "1");
    house.submit("culprit", "2");
    house.dispatcher->cancel("2");
    house.leases.open = false;
    const Error killed{ErrorCode::WorkerCrashed, "killed", {{"cause", std::string("cancel_not_obeyed")}}};
    house.leases.runs[0].handler(killed);
    house.leases.runs[1].handler(killed);
    QVERIFY(!house.answers[0]);
    QCOMPARE(house.code(1), ErrorCode::RequestCancelled);
    QCOMPARE(house.leases.leases, 0);
    house.leases.giveAll();
    QCOMPARE(house.leases.runs.size(), std::size_t(3));
    QCOMPARE(house.leases.runs[2].text, std::string("bystander"));
    house.leases.runs[2].handler(killed);
    QCOMPARE(house.code(0), ErrorCode::WorkerCrashed);
    QCOMPARE(house.dispatcher->running(), std::size_t(0));
}

void TestDispatcher::theEndOfTheEngineAnswersEveryone() {
    House house;
    house.submit("runs");
    house.leases.open = false;
    house.submit("waits");
    house.dispatcher->cancelAll({ErrorCode::ServiceUnavailable, "the engine is stopping"});
    QCOMPARE(house.code(0), ErrorCode::ServiceUnavailable);
    QCOMPARE(house.code(1), ErrorCode::ServiceUnavailable);
}

void TestDispatcher::answersAfterTheDispatcherAreHarmless() {
    House house;
    house.submit("runs");
    house.leases.open = false;
    house.submit("waits");
    house.dispatcher.reset();
    house.leases.answer(0);
    house.leases.giveAll();
    QCOMPARE(house.leases.leases, 0);
}

QTEST_GUILESS_MAIN(TestDispatcher)
#include "test_dispatcher.moc"
