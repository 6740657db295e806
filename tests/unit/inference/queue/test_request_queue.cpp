// The order of the queue, by cases one can follow.
#include "engine/inference/queue/request_queue.h"

#include <QTest>

#include <random>

using namespace mm;
using namespace mm::inference;
using namespace std::chrono_literals;

namespace {

constexpr int kLow = 0;
constexpr int kNormal = 1;
constexpr int kCritical = 3;
const Instant kStart{1000s};

// The ids that come when each costs `micros`.
QString drain(RequestQueue& queue, std::int64_t micros = 100) {
    QStringList ids;
    while (const auto item = queue.takeNext()) {
        queue.charge(item->client, item->level, micros);
        queue.settle(item->client, item->level);
        ids << QString::number(item->id);
    }
    return ids.join(QLatin1Char(' '));
}

} // namespace

class TestRequestQueue : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void higherLevelsGoStrictlyFirst();
    void clientsTakeTurnsByWhatTheyWereCharged();
    void sharesFollowTheWeights();
    void anIdleClientComesBackWithNoMoreThanTheCredit();
    void aModelThatTakesNothingBlocksNobodyElse();
    void aModelOpenToUrgentOnesTakesOnlyThem();
    void whoIsHeldKeepsItsPlace();
    void whoIsPutBackStandsWhereItWas();
    void whoWaitedLongEnoughGoesUpOneLevel();
    void theExpectedOrderIsTheOneThatComes();
    void aForgottenClientLeavesNothingBehind();
};

void TestRequestQueue::higherLevelsGoStrictlyFirst() {
    RequestQueue queue;
    queue.setOpen(0, 0);
    std::uint64_t id = 0;
    for (const int level : {1, 0, 3, 2, 1, 3})
        queue.push({++id, 0, 0, level}, kStart);
    QCOMPARE(queue.topLevel(0), kCritical);
    QCOMPARE(queue.waiting(kNormal), std::size_t(2));
    QCOMPARE(drain(queue), QStringLiteral("3 6 4 1 5 2"));
    QCOMPARE(queue.waiting(), std::size_t(0));
    QVERIFY(!queue.isWaiting(0));
}

void TestRequestQueue::clientsTakeTurnsByWhatTheyWereCharged() {
    RequestQueue queue;
    queue.setOpen(0, 0);
    for (std::uint64_t id = 1; id <= 4; ++id)
        queue.push({id, 0, 0, kNormal}, kStart);
    queue.push({5, 1, 0, kNormal}, kStart);
    queue.push({6, 1, 0, kNormal}, kStart);
    QCOMPARE(drain(queue), QStringLiteral("1 5 2 6 3 4"));
}

void TestRequestQueue::sharesFollowTheWeights() {
    RequestQueue queue;
    queue.setOpen(0, 0);
    queue.setWeight(2, 2);
    std::uint64_t id = 0;
    for (int i = 0; i < 4000; ++i)
        for (const std::uint32_t client : {0U, 1U, 2U})
            queue.push({++id, client, 0, kNormal}, kStart);
    std::array<std::int64_t, 3> computed{};
    const std::array<std::int64_t, 3> cost{400, 900, 250}; // clients whose requests are of unlike size
    std::int64_t all = 0;
    while (all < 1'000'000) {
        const auto item = queue.takeNext();
        queue.charge(item->client, item->level, 500); // as estimated
        queue.charge(item->client, item->level, cost[item->client] - 500);
        queue.settle(item->client, item->level);
        computed[item->client] += cost[item->client];
        all += cost[item->client];
    }
    for (std::size_t client = 0; client < 3; ++client) {
        const double share = static_cast<double>(computed[client]) / static_cast<double>(all);
        const double due = client == 2 ? 0.5 : 0.25;
        QVERIFY2(std::abs(share - due) <= 0.05 * due, qPrintable(QString::number(share)));
    }
}

void TestRequestQueue::anIdleClientComesBackWithNoMoreThanTheCredit() {
    RequestQueue queue({std::chrono::microseconds(200), {}});
    queue.setOpen(0, 0);
    queue.push({1, 1, 0, kNormal}, kStart);
    drain(queue);
    for (std::uint64_t id = 0; id < 50; ++id)
        queue.push({id, 0, 0, kNormal}, kStart);
    drain(queue); // client 1 is away while client 0 gets 50 turns
    for (std::uint64_t id = 1; id <= 6; ++id) {
        queue.push({id, 0, 0, kNormal}, kStart);
        queue.push({10 + id, 1, 0, kNormal}, kStart);
    }
    QCOMPARE(drain(queue), QStringLiteral("11 12 13 1 14 2 15 3 16 4 5 6"));
}

void TestRequestQueue::aModelThatTakesNothingBlocksNobodyElse() {
    RequestQueue queue;
    queue.setOpen(1, 0);
    queue.push({1, 0, 0, kCritical}, kStart);
    queue.push({2, 0, 1, kLow}, kStart);
    QCOMPARE(queue.takeNext()->id, std::uint64_t(2));
    QVERIFY(!queue.takeNext());
    QVERIFY(!queue.takeNext(0));
    queue.setOpen(0, 0);
    QVERIFY(!queue.takeNext(1));
    QCOMPARE(queue.takeNext(0)->id, std::uint64_t(1));
}

void TestRequestQueue::aModelOpenToUrgentOnesTakesOnlyThem() {
    RequestQueue queue;
    queue.setOpen(0, kCritical);
    queue.push({1, 0, 0, kNormal}, kStart);
    queue.push({2, 0, 0, kCritical}, kStart);
    QCOMPARE(drain(queue), QStringLiteral("2"));
    queue.setOpen(0, kNormal);
    QCOMPARE(drain(queue), QStringLiteral("1"));
}

void TestRequestQueue::whoIsHeldKeepsItsPlace() {
    RequestQueue queue;
    queue.setOpen(0, 0);
    std::vector<RequestQueue::Ticket> tickets;
    for (std::uint64_t id = 1; id <= 4; ++id)
        tickets.push_back(queue.push({id, 0, 0, kNormal}, kStart));
    queue.hold(tickets[1]);
    QCOMPARE(queue.waiting(), std::size_t(3));
    QCOMPARE(queue.takeNext()->id, std::uint64_t(1));
    queue.hold(tickets[2]);
    queue.release(tickets[2], kStart);
    queue.release(tickets[1], kStart);
    QCOMPARE(drain(queue), QStringLiteral("2 3 4"));
}

void TestRequestQueue::whoIsPutBackStandsWhereItWas() {
    RequestQueue queue;
    queue.setOpen(0, 0);
    for (std::uint64_t id = 1; id <= 3; ++id)
        queue.push({id, 0, 0, kNormal}, kStart);
    const auto first = queue.takeNext();
    const auto second = queue.takeNext();
    queue.push(*second, kStart);
    queue.push(*first, kStart);
    QCOMPARE(drain(queue), QStringLiteral("1 2 3"));
}

void TestRequestQueue::whoWaitedLongEnoughGoesUpOneLevel() {
    RequestQueue queue({std::chrono::microseconds(0), 100ms});
    queue.setOpen(0, 0);
    queue.push({1, 0, 0, kLow}, kStart);
    queue.push({2, 1, 0, kNormal}, kStart + 60ms);
    std::vector<std::uint64_t> moved;
    const auto note = [&](const RequestQueue::Item& item) { moved.push_back(item.id); };
    QCOMPARE(*queue.age(kStart + 99ms, note), kStart + 100ms);
    QVERIFY(moved.empty());
    QCOMPARE(*queue.age(kStart + 100ms, note), kStart + 160ms);
    QCOMPARE(queue.waiting(kNormal), std::size_t(2));
    QCOMPARE(*queue.age(kStart + 160ms, note), kStart + 200ms);
    QVERIFY(moved == (std::vector<std::uint64_t>{1, 2}));
    QCOMPARE(drain(queue), QStringLiteral("2 1"));
    QVERIFY(!queue.age(kStart + 1s, note));
}

void TestRequestQueue::theExpectedOrderIsTheOneThatComes() {
    std::mt19937 random(7);
    RequestQueue queue;
    for (std::uint32_t client = 0; client < 4; ++client)
        queue.setWeight(client, 1 + client);
    for (std::uint64_t id = 1; id <= 500; ++id)
        queue.push({id, std::uint32_t(random() % 4), std::uint32_t(random() % 3), int(random() % kLevels)}, kStart);
    QStringList expected;
    for (const auto& item : queue.expectedOrder([](const auto&) { return 100; }))
        expected << QString::number(item.id);
    for (std::uint32_t model = 0; model < 3; ++model)
        queue.setOpen(model, 0);
    QCOMPARE(drain(queue), expected.join(QLatin1Char(' ')));
}

void TestRequestQueue::aForgottenClientLeavesNothingBehind() {
    RequestQueue queue;
    queue.setOpen(0, 0);
    queue.setWeight(0, 0.01);
    for (std::uint64_t id = 1; id <= 3; ++id)
        queue.push({id, 0, 0, kNormal}, kStart);
    drain(queue);
    queue.forgetClient(0);
    // Its number belongs to another now, who owes nothing.
    queue.push({1, 1, 0, kNormal}, kStart);
    queue.push({2, 1, 0, kNormal}, kStart);
    queue.push({3, 0, 0, kNormal}, kStart);
    QCOMPARE(drain(queue), QStringLiteral("1 3 2"));
}

QTEST_GUILESS_MAIN(TestRequestQueue)
#include "test_request_queue.moc"
