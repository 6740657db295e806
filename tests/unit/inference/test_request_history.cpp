// What is remembered of requests that have ended, and of clients that have left.
#include "engine/inference/queue/client_table.h"
#include "engine/inference/report/request_history.h"

#include <QTest>

using namespace mm::inference;

namespace {

modelmora::v1::QueueEntry entry(const std::string& id, const std::string& client = {}) {
    modelmora::v1::QueueEntry made;
    made.set_request_id(id);
    made.set_client(client);
    return made;
}

} // namespace

class TestRequestHistory : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void theOldestGoWhenThereAreTooMany();
    void theOldestGoWhenTheyAreTooLarge();
    void ofOneNameTheNewestToComeIsMeant();
    void whatIsRememberedIsWholeAndSmall();
    void aClientKeepsItsNumberWhileItHasRequests();
    void onlySoManyIdleClientsAreRemembered();
};

void TestRequestHistory::theOldestGoWhenThereAreTooMany() {
    RequestHistory history(3);
    for (std::uint64_t id = 1; id <= 5; ++id)
        history.add(id, entry(std::to_string(id)));
    QCOMPARE(history.size(), std::size_t(3));
    QVERIFY(!history.find("2"));
    QCOMPARE(history.find("3")->id, std::uint64_t(3));
    QCOMPARE(history.find("5")->entry.request_id(), std::string("5"));
    RequestHistory none(0);
    none.add(1, entry("1"));
    QVERIFY(!none.find("1"));
}

void TestRequestHistory::theOldestGoWhenTheyAreTooLarge() {
    RequestHistory history(1000, 20'000);
    for (std::uint64_t id = 1; id <= 10; ++id)
        history.add(id, entry(std::to_string(id), std::string(5000, 'x')));
    QVERIFY(history.size() >= 2 && history.size() <= 4);
    QVERIFY(history.find("10").has_value());
}

void TestRequestHistory::ofOneNameTheNewestToComeIsMeant() {
    RequestHistory history(3);
    history.add(2, entry("same", "second"));
    history.add(1, entry("same", "first")); // came before and took longer
    QCOMPARE(history.find("same")->entry.client(), std::string("second"));
    history.add(3, entry("other"));
    history.add(4, entry("another")); // the second is forgotten now
    QVERIFY(!history.find("same"));
    QVERIFY(history.find("other").has_value());
}

void TestRequestHistory::whatIsRememberedIsWholeAndSmall() {
    modelmora::v1::QueueEntry whole = entry("5f0c9e9a-7c1b-4f61-9df3-0d8f2c41b7aa", "127.0.0.1");
    whole.set_model_id("sentence-transformers/all-MiniLM-L6-v2");
    whole.set_version("main");
    whole.set_state(modelmora::v1::REQUEST_STATE_COMPLETED);
    for (auto* time :
         {whole.mutable_received_at(), whole.mutable_finished_at(), whole.mutable_metadata()->mutable_timestamp()}) {
        time->set_seconds(1'800'000'000);
        time->set_nanos(123'456'789);
    }
    whole.mutable_metadata()->set_request_id(whole.request_id());
    whole.mutable_metadata()->set_device("cpu");
    whole.mutable_metadata()->set_compute_ms(1.25);
    RequestHistory history(2000);
    for (std::uint64_t id = 1; id <= 1000; ++id) {
        modelmora::v1::QueueEntry other = whole;
        other.set_request_id(std::to_string(id));
        history.add(id, other);
    }
    history.add(1001, whole);
    QCOMPARE(history.find(whole.request_id())->entry.SerializeAsString(), whole.SerializeAsString());
    QVERIFY(history.bytes() < 500 * history.size());
}

void TestRequestHistory::aClientKeepsItsNumberWhileItHasRequests() {
    ClientTable clients({{"heavy", 3.0}});
    const auto heavy = clients.enter("heavy");
    const auto light = clients.enter("light");
    QVERIFY(heavy != light);
    QCOMPARE(clients.enter("heavy"), heavy);
    QCOMPARE(clients.at(heavy).weight, 3.0);
    QCOMPARE(clients.at(light).weight, 1.0);
    clients.charge(heavy, 500);
    QVERIFY(!clients.leave(heavy));
    QVERIFY(!clients.leave(heavy));
    QCOMPARE(clients.enter("heavy"), heavy); // idle, but not forgotten
    QCOMPARE(clients.at(heavy).charged, std::int64_t(500));
    QCOMPARE(clients.all().size(), std::size_t(2));
}

void TestRequestHistory::onlySoManyIdleClientsAreRemembered() {
    ClientTable clients({}, 2);
    std::vector<std::uint32_t> numbers;
    for (const char* name : {"a", "b", "c", "busy"})
        numbers.push_back(clients.enter(name));
    QVERIFY(!clients.leave(numbers[1]));
    QVERIFY(!clients.leave(numbers[0]));
    const auto forgotten = clients.leave(numbers[2]);
    QCOMPARE(forgotten.value(), numbers[1]); // the longest idle
    QCOMPARE(clients.enter("new"), numbers[1]);
    QCOMPARE(clients.all().size(), std::size_t(4));
}

QTEST_APPLESS_MAIN(TestRequestHistory)
#include "test_request_history.moc"
