// What an operator sees of the queue and may change, and what listeners hear.
#include "engine/ipc/loss_cause.h"
#include "tests/support/dispatch_house.h"

#include <QTest>

using namespace mm;
using namespace mm::inference;
using namespace std::chrono_literals;
using House = mm::test::DispatchHouse;

class TestDispatchControl : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aHeldRequestWaitsUntilItIsReleased();
    void aRaisedRequestGoesFirstAndTheWorkerIsTold();
    void whatRunsCanOnlyBeCancelled();
    void whatHasEndedIsRememberedAndCannotBeChanged();
    void ofRequestsOfOneIdTheNewestIsMeant();
    void theReportTellsWhoWaitsWhereAndWhy();
    void theReportIsFilteredAndBounded();
    void startsAreEstimatedFromWhatWasMeasured();
    void heldRequestsAskForNoModel();
    void theEndOfAModelEndsEverythingThatIsItsAndAsksForNoOther();
    void listenersHearOfBatchesAndEnds();
};

void TestDispatchControl::aHeldRequestWaitsUntilItIsReleased() {
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

void TestDispatchControl::aRaisedRequestGoesFirstAndTheWorkerIsTold() {
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

void TestDispatchControl::whatRunsCanOnlyBeCancelled() {
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

void TestDispatchControl::whatHasEndedIsRememberedAndCannotBeChanged() {
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

void TestDispatchControl::ofRequestsOfOneIdTheNewestIsMeant() {
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

void TestDispatchControl::theReportTellsWhoWaitsWhereAndWhy() {
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

void TestDispatchControl::theReportIsFilteredAndBounded() {
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

void TestDispatchControl::startsAreEstimatedFromWhatWasMeasured() {
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

void TestDispatchControl::heldRequestsAskForNoModel() {
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

void TestDispatchControl::theEndOfAModelEndsEverythingThatIsItsAndAsksForNoOther() {
    House house;
    for (const char* id : {"a", "b", "c", "d", "e", "f", "g"}) // a window of four runs
        house.submit(id);
    QVERIFY(house.dispatcher->hold("f").ok());
    QCOMPARE(house.dispatcher->endModel("org/other@1", ipc::modelKilled("org/other@1")), 0);
    house.leases.open = false;
    QCOMPARE(house.dispatcher->endModel("org/m@1", ipc::modelKilled("org/m@1")), 7);
    QCOMPARE(house.sent(), QStringLiteral("a b c d"));
    QVERIFY(house.leases.urgencies.empty()); // nobody is left to load it for
    for (const char* id : {"a", "e", "f", "g"}) {
        QVERIFY(ipc::isKilled(house.answers.at(id).error()));
        QCOMPARE(house.describe(id).state(), v1::REQUEST_STATE_FAILED);
    }
    // Who comes afterwards is served as ever.
    house.leases.open = true;
    for (auto& run : house.leases.runs)
        run.handler(ipc::modelKilled("org/m@1"));
    house.submit("h");
    QCOMPARE(house.sent(), QStringLiteral("a b c d h"));
}

void TestDispatchControl::listenersHearOfBatchesAndEnds() {
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

QTEST_GUILESS_MAIN(TestDispatchControl)
#include "test_dispatch_control.moc"
