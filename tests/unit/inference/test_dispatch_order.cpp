// Who is sent when, and what an operator sees and may change: the dispatcher with its queue, over scripted leases and a
// clock turned by hand.
#include "engine/base/qt_executor.h"
#include "engine/inference/dispatcher.h"
#include "tests/support/manual_clock.h"
#include "tests/support/scripted_leases.h"

#include <QTest>

#include <map>

using namespace mm;
using namespace mm::inference;
using namespace std::chrono_literals;

namespace {

struct House {
    explicit House(DispatcherOptions options = {})
        : dispatcher(
              std::make_unique<Dispatcher>(std::move(options), Dispatcher::Ports{leases, leases, clock, executor})) {
        leases.batchMaxSize = 2; // a window of four
    }

    struct Ask {
        std::string client = "client";
        v1::Priority priority = v1::PRIORITY_UNSPECIFIED;
        int inputs = 1;
        bool patient = false;
        std::optional<int> keepAlive = {};
    };
    // Its text is its id, too.
    void submit(const std::string& id, const Ask& ask) {
        auto request = std::make_shared<v1::InferenceRequest>();
        request->set_model_id("org/m");
        if (ask.inputs == 1)
            request->mutable_input_data()->set_text(id);
        else
            for (int i = 0; i < ask.inputs; ++i)
                request->mutable_input_data()->mutable_text_batch()->add_texts(id);
        request->set_priority(ask.priority);
        if (ask.keepAlive)
            request->set_keep_alive_seconds(*ask.keepAlive);
        dispatcher->submit(std::move(request), {id, ask.client, clock.now(), ask.patient},
                           [this, id](auto answer) { answers.emplace(id, std::move(answer)); });
    }
    void submit(const std::string& id) { submit(id, Ask{}); }
    void answer(std::size_t run, std::int64_t micros = 1000) {
        wv1::Output output;
        output.set_last(true);
        output.mutable_data()->mutable_embedding()->add_values(1);
        output.set_charged_us(micros);
        output.set_batch_size(2);
        leases.runs.at(run).handler(std::move(output));
    }
    [[nodiscard]] QString sent() const {
        QStringList texts;
        for (const auto& run : leases.runs)
            texts << QString::fromStdString(run.text);
        return texts.join(QLatin1Char(' '));
    }
    [[nodiscard]] v1::QueueEntry describe(const std::string& id) const { return dispatcher->describe(id).value(); }
    [[nodiscard]] ErrorCode code(const std::string& id) const { return answers.at(id).error().code; }

    test::ManualClock clock;
    QtExecutor executor;
    test::ScriptedLeases leases;
    std::map<std::string, Result<Dispatcher::Response>> answers;
    std::unique_ptr<Dispatcher> dispatcher;
};

} // namespace

class TestDispatchOrder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aWorkerIsGivenAWindowAndTheRestWaitsInOrder();
    void theUrgentPassTheFullWindowOfTheOthers();
    void clientsAreChargedWhatTheyComputed();
    void threeClientsGetTheirSharesOfTheCompute();
    void aHeldRequestWaitsUntilItIsReleased();
    void aRaisedRequestGoesFirstAndTheWorkerIsTold();
    void whatRunsCanOnlyBeCancelled();
    void whatHasEndedIsRememberedAndCannotBeChanged();
    void ofRequestsOfOneIdTheNewestIsMeant();
    void theReportTellsWhoWaitsWhereAndWhy();
    void theReportIsFilteredAndBounded();
    void startsAreEstimatedFromWhatWasMeasured();
    void oneLeaseIsAskedForAndTheDemandIsTold();
    void heldRequestsAskForNoModel();
    void aBatchGathersOnlyAsLongAsItMay();
    void whoWaitedLongGoesUpWhereAgeingIsOn();
    void aPatientRequestsTimeCountsFromItsStart();
    void aRequestsKeepAliveReachesTheLease();
    void aFullQueueSaysWhenToComeBack();
    void listenersHearOfBatchesAndEnds();
};

void TestDispatchOrder::aWorkerIsGivenAWindowAndTheRestWaitsInOrder() {
    House house;
    for (const char* id : {"a", "b", "c", "d", "e", "f"})
        house.submit(id);
    QCOMPARE(house.sent(), QStringLiteral("a b c d"));
    QCOMPARE(house.dispatcher->waiting().medium_priority(), 2);
    QCOMPARE(house.leases.leases, 4); // none for those who wait
    house.answer(0);
    QCOMPARE(house.sent(), QStringLiteral("a b c d e"));
    house.answer(2);
    QCOMPARE(house.sent(), QStringLiteral("a b c d e f"));
    // A request of many inputs is no more than a batch.
    House many;
    many.submit("a", {"client", v1::PRIORITY_NORMAL, 100});
    many.submit("b", {"client", v1::PRIORITY_NORMAL, 100});
    many.submit("c");
    QCOMPARE(many.leases.runs.size(), std::size_t(2));
}

void TestDispatchOrder::theUrgentPassTheFullWindowOfTheOthers() {
    House house;
    for (const char* id : {"a", "b", "c", "d", "e"})
        house.submit(id);
    house.submit("low", {"client", v1::PRIORITY_LOW});
    house.submit("critical", {"client", v1::PRIORITY_CRITICAL});
    QCOMPARE(house.sent(), QStringLiteral("a b c d critical"));
    house.answer(0); // critical ones fill the window as well
    QCOMPARE(house.leases.runs.size(), std::size_t(5));
    house.answer(4);
    QCOMPARE(house.sent(), QStringLiteral("a b c d critical e"));
}

void TestDispatchOrder::clientsAreChargedWhatTheyComputed() {
    House house;
    house.submit("x", {"greedy"});
    house.answer(0, 50'000);
    house.submit("y", {"modest"});
    house.answer(1, 1000);
    const v1::QueueReport report = house.dispatcher->report({});
    QCOMPARE(report.clients_size(), 2);
    QCOMPARE(report.clients(0).client(), std::string("greedy"));
    QCOMPARE(report.clients(0).compute_ms(), 50.0);
    QCOMPARE(report.clients(1).compute_ms(), 1.0);
}

void TestDispatchOrder::threeClientsGetTheirSharesOfTheCompute() {
    DispatcherOptions options;
    options.clientWeights = {{"c", 2.0}};
    House house(options);
    const std::map<std::string, std::int64_t> cost{{"a", 700}, {"b", 2500}, {"c", 1200}};
    std::map<std::string, std::int64_t> computed;
    int next = 0;
    for (int i = 0; i < 30; ++i) // each keeps thirty under way or waiting
        for (const auto& [client, micros] : cost)
            house.submit(client + std::to_string(next++), {client});
    std::int64_t all = 0;
    for (std::size_t run = 0; all < 4'000'000; ++run) {
        const std::string client = house.leases.runs.at(run).text.substr(0, 1);
        computed[client] += cost.at(client);
        all += cost.at(client);
        house.clock.advance(std::chrono::microseconds(cost.at(client)));
        house.answer(run, cost.at(client));
        house.submit(client + std::to_string(next++), {client});
    }
    for (const auto& [client, due] : std::map<std::string, double>{{"a", 0.25}, {"b", 0.25}, {"c", 0.5}}) {
        const double share = static_cast<double>(computed[client]) / static_cast<double>(all);
        QVERIFY2(std::abs(share - due) <= 0.05 * due,
                 qPrintable(QString::fromStdString(client) + QString::number(share)));
    }
}

void TestDispatchOrder::aHeldRequestWaitsUntilItIsReleased() {
    House house;
    house.leases.open = false;
    for (const char* id : {"a", "b", "c"})
        house.submit(id);
    const v1::QueueEntry held = house.dispatcher->hold("b").value();
    QCOMPARE(held.state(), v1::REQUEST_STATE_HELD);
    QCOMPARE(held.position(), 0);
    QCOMPARE(held.reason(), std::string("held until it is released"));
    QVERIFY(house.dispatcher->hold("b").ok()); // no harm in saying it twice
    house.leases.open = true;
    house.leases.giveAll();
    QCOMPARE(house.sent(), QStringLiteral("a c"));
    QCOMPARE(house.dispatcher->release("b").value().state(), v1::REQUEST_STATE_RUNNING);
    QCOMPARE(house.sent(), QStringLiteral("a c b"));
    house.leases.open = false;
    house.submit("d");
    QVERIFY(house.dispatcher->hold("d").ok());
    house.clock.advance(60s);
    house.dispatcher->expire();
    QCOMPARE(house.code("d"), ErrorCode::InferenceTimeout);
    QVERIFY(house.answers.at("d").error().message.find("was held") != std::string::npos);
}

void TestDispatchOrder::aRaisedRequestGoesFirstAndTheWorkerIsTold() {
    House house;
    house.leases.open = false;
    house.submit("a");
    house.submit("b");
    QCOMPARE(house.dispatcher->setPriority("b", v1::PRIORITY_HIGH).value().position(), 1);
    QCOMPARE(house.describe("a").position(), 2);
    QCOMPARE(house.dispatcher->setPriority("b", v1::Priority(9)).error().code, ErrorCode::ValidationError);
    house.leases.open = true;
    house.leases.giveAll();
    QCOMPARE(house.sent(), QStringLiteral("b a"));
    QCOMPARE(house.leases.runs[0].priority, v1::PRIORITY_HIGH);
    QCOMPARE(house.describe("b").priority(), v1::PRIORITY_HIGH);
}

void TestDispatchOrder::whatRunsCanOnlyBeCancelled() {
    House house;
    house.submit("a");
    QCOMPARE(house.describe("a").state(), v1::REQUEST_STATE_RUNNING);
    for (const auto& refused : {house.dispatcher->hold("a"), house.dispatcher->release("a"),
                                house.dispatcher->setPriority("a", v1::PRIORITY_LOW)}) {
        QCOMPARE(refused.error().code, ErrorCode::IllegalTransition);
        QVERIFY(refused.error().message.find("can still be cancelled") != std::string::npos);
    }
    QCOMPARE(house.dispatcher->cancelNamed("a").value().state(), v1::REQUEST_STATE_CANCELLED);
    QCOMPARE(house.code("a"), ErrorCode::RequestCancelled);
    QVERIFY(house.leases.runs[0].cancelled);
}

void TestDispatchOrder::whatHasEndedIsRememberedAndCannotBeChanged() {
    House house;
    house.submit("a");
    house.clock.advance(3ms);
    house.answer(0, 1500);
    const v1::QueueEntry done = house.describe("a");
    QCOMPARE(done.state(), v1::REQUEST_STATE_COMPLETED);
    QCOMPARE(done.metadata().total_time_ms(), 3.0);
    QCOMPARE(done.version(), std::string("1"));
    QVERIFY(done.has_finished_at() && !done.has_error());
    QCOMPARE(house.dispatcher->hold("a").error().code, ErrorCode::IllegalTransition);
    QCOMPARE(house.dispatcher->cancelNamed("a").error().code, ErrorCode::IllegalTransition);
    QCOMPARE(house.dispatcher->describe("never").error().code, ErrorCode::RequestNotFound);
    QCOMPARE(house.dispatcher->cancelNamed("never").error().code, ErrorCode::RequestNotFound);
    house.submit("b");
    house.leases.runs[1].handler(Error{ErrorCode::WorkerCrashed, "the worker ended by SIGSEGV"});
    QCOMPARE(house.describe("b").state(), v1::REQUEST_STATE_FAILED);
    QCOMPARE(house.describe("b").error().code(), std::string("WORKER_CRASHED"));
}

void TestDispatchOrder::ofRequestsOfOneIdTheNewestIsMeant() {
    House house;
    house.leases.open = false;
    house.submit("same", {"first"});
    house.submit("same", {"second"});
    QCOMPARE(house.describe("same").client(), std::string("second"));
    QVERIFY(house.dispatcher->hold("same").ok());
    QCOMPARE(house.dispatcher->demand("org/m@1")->priority, v1::PRIORITY_NORMAL); // the first still waits
    QCOMPARE(house.dispatcher->cancelNamed("same").value().client(), std::string("second"));
    QCOMPARE(house.dispatcher->unfinished(), std::size_t(0));
}

void TestDispatchOrder::theReportTellsWhoWaitsWhereAndWhy() {
    House house;
    for (const char* id : {"a", "b", "c", "d"})
        house.submit(id, {"one"});
    house.clock.advance(25ms);
    house.submit("e", {"one"});
    house.submit("f", {"two", v1::PRIORITY_LOW, 3});
    QVERIFY(house.dispatcher->hold("f").ok());
    house.submit("g", {"two", v1::PRIORITY_LOW, 3});
    house.clock.advance(25ms);
    const v1::QueueReport report = house.dispatcher->report({});
    QStringList order;
    for (const v1::QueueEntry& entry : report.entries())
        order << QString::fromStdString(entry.request_id());
    QCOMPARE(order.join(QLatin1Char(' ')), QStringLiteral("a b c d e g f"));
    QCOMPARE(report.running(), 4);
    QCOMPARE(report.depth().medium_priority(), 1);
    QCOMPARE(report.depth().low_priority(), 1);
    QCOMPARE(report.entries(4).position(), 1);
    QCOMPARE(report.entries(4).waited_ms(), 25.0);
    QCOMPARE(report.entries(4).reason(), std::string("next; the worker is busy"));
    QVERIFY(report.entries(4).has_deadline() && !report.entries(4).has_estimated_start_at());
    QCOMPARE(report.entries(5).reason(), std::string("1 request is ahead and the worker is busy"));
    QCOMPARE(report.entries(5).inputs(), 3);
    QCOMPARE(report.clients(1).waiting(), 2);
    QCOMPARE(report.models(0).waiting(), 2);
    QCOMPARE(report.models(0).running(), 4);
    // Not loaded: the leases know why.
    House closed;
    closed.leases.open = false;
    closed.submit("a");
    QCOMPARE(closed.describe("a").reason(), std::string("loading org/m@1"));
}

void TestDispatchOrder::theReportIsFilteredAndBounded() {
    House house;
    house.leases.open = false;
    for (const char* id : {"a", "b", "c"})
        house.submit(id, {std::string(id) == "b" ? "two" : "one"});
    v1::GetQueueRequest filter;
    filter.set_client("one");
    v1::QueueReport report = house.dispatcher->report(filter);
    QCOMPARE(report.entries_size(), 2);
    QCOMPARE(report.entries(1).position(), 3); // among all, not among those shown
    filter.set_limit(1);
    report = house.dispatcher->report(filter);
    QCOMPARE(report.entries_size(), 1);
    QCOMPARE(report.total(), 2);
    filter.Clear();
    filter.set_model_id("org/m@1");
    QCOMPARE(house.dispatcher->report(filter).total(), 3);
    filter.set_model_id("org/other");
    QCOMPARE(house.dispatcher->report(filter).total(), 0);
}

void TestDispatchOrder::startsAreEstimatedFromWhatWasMeasured() {
    House house;
    house.submit("first");
    house.answer(0, 10'000);
    for (const char* id : {"a", "b", "c", "d", "e", "f"})
        house.submit(id);
    const auto left = [&](const std::string& id) {
        const auto at = house.describe(id).estimated_start_at();
        const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(house.clock.wallNow().time_since_epoch());
        return at.seconds() * 1'000'000'000 + at.nanos() - now.count();
    };
    QCOMPARE(left("e"), qint64(40'000'000)); // four run
    QCOMPARE(left("f"), qint64(50'000'000));
    QCOMPARE(house.dispatcher->report({}).models(0).compute_ms_per_input(), 10.0);
}

void TestDispatchOrder::oneLeaseIsAskedForAndTheDemandIsTold() {
    House house;
    house.leases.open = false;
    house.submit("a");
    house.clock.advance(1s);
    house.submit("b");
    QCOMPARE(house.leases.wanted.size(), std::size_t(1));
    QCOMPARE(house.leases.urgencies.at(0).priority, v1::PRIORITY_NORMAL);
    QVERIFY(house.leases.demandChanges.empty());
    house.submit("c", {"client", v1::PRIORITY_CRITICAL});
    QCOMPARE(house.leases.demandChanges.size(), std::size_t(1)); // more urgent now
    QCOMPARE(house.dispatcher->demand("org/m@1")->priority, v1::PRIORITY_CRITICAL);
    for (const char* id : {"a", "b", "c"})
        house.dispatcher->cancel(id);
    QCOMPARE(house.leases.demandChanges.size(), std::size_t(2)); // nobody any more
    QVERIFY(!house.dispatcher->demand("org/m@1"));
    QVERIFY(!house.dispatcher->demand("org/other@1"));
}

void TestDispatchOrder::heldRequestsAskForNoModel() {
    House house;
    house.leases.open = false;
    house.submit("a");
    QVERIFY(house.dispatcher->hold("a").ok());
    QVERIFY(!house.dispatcher->demand("org/m@1"));
    QCOMPARE(house.leases.demandChanges.size(), std::size_t(1));
    house.leases.wanted.at(0)(Error{ErrorCode::RequestCancelled, "nobody waits for the model"});
    QVERIFY(house.answers.empty());
    house.leases.wanted.clear();
    QCOMPARE(house.dispatcher->release("a").value().state(), v1::REQUEST_STATE_WAITING);
    QCOMPARE(house.leases.wanted.size(), std::size_t(1));
}

void TestDispatchOrder::aBatchGathersOnlyAsLongAsItMay() {
    House house;
    house.leases.batchMaxSize = 3;
    house.leases.batchMaxWait = 50ms;
    house.submit("a");
    house.submit("b");
    QVERIFY(house.leases.runs.empty());
    QVERIFY(house.describe("a").reason().starts_with("gathers a batch of 3 inputs with 2 so far"));
    house.clock.advance(49ms);
    house.dispatcher->expire();
    QVERIFY(house.leases.runs.empty());
    house.clock.advance(1ms);
    house.dispatcher->expire();
    QCOMPARE(house.sent(), QStringLiteral("a b"));
    house.submit("c"); // it computes: nothing is gained by waiting
    QCOMPARE(house.sent(), QStringLiteral("a b c"));
    for (std::size_t run = 0; run < 3; ++run)
        house.answer(run);
    QCOMPARE(house.answers.at("a").value()->metadata().batch_wait_ms(), 50.0);
    QCOMPARE(house.answers.at("a").value()->metadata().queue_ms(), 0.0);
    for (const char* id : {"d", "e", "f"})
        house.submit(id); // full: at once
    QCOMPARE(house.leases.runs.size(), std::size_t(6));
}

void TestDispatchOrder::whoWaitedLongGoesUpWhereAgeingIsOn() {
    DispatcherOptions options;
    options.ageing = 10s;
    House house(options);
    house.leases.open = false;
    house.submit("low", {"client", v1::PRIORITY_LOW});
    house.clock.advance(5s);
    house.submit("normal");
    house.clock.advance(5s);
    house.dispatcher->expire();
    QCOMPARE(house.describe("low").priority(), v1::PRIORITY_NORMAL);
    QCOMPARE(house.describe("low").position(), 1); // it came first
    house.clock.advance(4s);
    house.dispatcher->expire();
    QCOMPARE(house.describe("normal").priority(), v1::PRIORITY_NORMAL);
}

void TestDispatchOrder::aPatientRequestsTimeCountsFromItsStart() {
    House house;
    house.leases.open = false;
    house.submit("piece", {"job", v1::PRIORITY_LOW, 1, true});
    house.clock.advance(3600s);
    house.dispatcher->expire();
    QVERIFY(house.answers.empty());
    QVERIFY(!house.describe("piece").has_deadline());
    house.leases.giveAll();
    house.clock.advance(60s);
    house.dispatcher->expire();
    QCOMPARE(house.code("piece"), ErrorCode::InferenceTimeout);
}

void TestDispatchOrder::aRequestsKeepAliveReachesTheLease() {
    House house;
    house.submit("a");
    QVERIFY(house.leases.keepAlives.empty());
    house.submit("b", {"client", v1::PRIORITY_NORMAL, 1, false, 0});
    QVERIFY(house.leases.keepAlives.at(0) == std::optional(0s));
}

void TestDispatchOrder::aFullQueueSaysWhenToComeBack() {
    DispatcherOptions options;
    options.maxRequests = 9;
    House house(options);
    house.submit("measured");
    house.answer(0, 2'000'000);
    for (int i = 0; i < 10; ++i)
        house.submit(std::to_string(i));
    QCOMPARE(house.code("9"), ErrorCode::QueueFull);
    // Nine of two seconds each are ahead.
    QCOMPARE(std::get<std::int64_t>(house.answers.at("9").error().facts.at("retry_after_seconds")), std::int64_t(9));
}

void TestDispatchOrder::listenersHearOfBatchesAndEnds() {
    struct Ear final : InferenceListener {
        void onBatch(const BatchSent& batch) override { batches.push_back(batch.requests); }
        void onFinished(const RequestEnd& end) override { states.push_back(end.state); }
        std::vector<int> batches;
        std::vector<v1::RequestState> states;
    } ear;
    House house;
    house.dispatcher = std::make_unique<Dispatcher>(
        DispatcherOptions{}, Dispatcher::Ports{house.leases, house.leases, house.clock, house.executor, &ear});
    house.leases.open = false;
    for (const char* id : {"a", "b", "c"})
        house.submit(id);
    house.leases.open = true;
    house.leases.giveAll();
    QVERIFY(ear.batches == std::vector<int>{3});
    house.answer(0);
    house.answer(1);
    house.dispatcher->cancel("c");
    QVERIFY(ear.states == (std::vector<v1::RequestState>{v1::REQUEST_STATE_COMPLETED, v1::REQUEST_STATE_COMPLETED,
                                                         v1::REQUEST_STATE_CANCELLED}));
    const v1::ModelQueue model = house.dispatcher->report({}).models(0);
    QCOMPARE(model.batches_sent(), std::int64_t(1));
    QCOMPARE(model.batches_computed(), std::int64_t(1)); // two requests, each half of a batch of two
    QCOMPARE(model.mean_batch_size(), 2.0);
    QCOMPARE(model.requests_finished(), std::int64_t(2));
}

QTEST_GUILESS_MAIN(TestDispatchOrder)
#include "test_dispatch_order.moc"
