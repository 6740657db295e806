// Who is sent when: the dispatcher with its queue.
#include "tests/support/dispatch_house.h"

#include <QTest>

using namespace mm;
using namespace mm::inference;
using namespace std::chrono_literals;
using House = mm::test::DispatchHouse;

class TestDispatchOrder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aWorkerIsGivenAWindowAndTheRestWaitsInOrder();
    void theUrgentPassTheFullWindowOfTheOthers();
    void clientsAreChargedWhatTheyComputed();
    void threeClientsGetTheirSharesOfTheCompute();
    void oneLeaseIsAskedForAndTheDemandIsTold();
    void aBatchGathersOnlyAsLongAsItMay();
    void whoWaitedLongGoesUpWhereAgeingIsOn();
    void aPatientRequestsTimeCountsFromItsStart();
    void aRequestsKeepAliveReachesTheLease();
    void aFullQueueSaysWhenToComeBack();
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

QTEST_GUILESS_MAIN(TestDispatchOrder)
#include "test_dispatch_order.moc"
