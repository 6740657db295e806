// Whether a worker is given more: by a table.
#include "engine/inference/batcher.h"

#include <QTest>

using namespace mm;
using namespace mm::inference;
using namespace std::chrono_literals;

namespace {

const Instant kNow{1000s};
constexpr int kLow = 0;
constexpr int kNormal = 1;
constexpr int kHigh = 2;
constexpr int kCritical = 3;

BatchSituation situation(std::array<std::int64_t, kLevels> outstanding = {}) {
    BatchSituation made;
    made.now = kNow;
    made.outstanding = outstanding;
    made.batchMaxSize = 8;
    made.waitingInputs = 1;
    made.waitingSince = kNow - 5ms;
    return made;
}

} // namespace

class TestBatcher : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aWorkerIsGivenTheBatchThatRunsAndTheNext_data();
    void aWorkerIsGivenTheBatchThatRunsAndTheNext();
    void moreInstancesTakeMore();
    void anIdleWorkerWaitsForMoreOnlyWhereAsked_data();
    void anIdleWorkerWaitsForMoreOnlyWhereAsked();
    void aLongRequestCountsAsOneBatch();
};

void TestBatcher::aWorkerIsGivenTheBatchThatRunsAndTheNext_data() {
    QTest::addColumn<std::array<std::int64_t, kLevels>>("outstanding");
    QTest::addColumn<int>("openFrom");
    using Counts = std::array<std::int64_t, kLevels>;
    QTest::newRow("idle") << Counts{} << kLow;
    QTest::newRow("one batch runs") << Counts{0, 8, 0, 0} << kLow;
    QTest::newRow("nearly two") << Counts{0, 15, 0, 0} << kLow;
    QTest::newRow("two") << Counts{0, 16, 0, 0} << kHigh;
    QTest::newRow("two of low ones") << Counts{16, 0, 0, 0} << kNormal;
    QTest::newRow("two in all, of unlike urgency") << Counts{4, 4, 4, 4} << kNormal;
    QTest::newRow("two of critical ones") << Counts{0, 0, 0, 16} << kLevels;
    QTest::newRow("far too much of low ones") << Counts{500, 0, 0, 0} << kNormal;
    QTest::newRow("high and critical ones") << Counts{0, 0, 10, 6} << kCritical;
}

void TestBatcher::aWorkerIsGivenTheBatchThatRunsAndTheNext() {
    using Counts = std::array<std::int64_t, kLevels>;
    QFETCH(const Counts, outstanding);
    QFETCH(const int, openFrom);
    const BatchDecision decision = decideBatch(situation(outstanding));
    QCOMPARE(decision.openFrom, openFrom);
    QVERIFY(!decision.until);
}

void TestBatcher::moreInstancesTakeMore() {
    BatchSituation two = situation({0, 16, 0, 0});
    two.instances = 2;
    QCOMPARE(decideBatch(two).openFrom, kLow);
    two.outstanding[kNormal] = 32;
    QCOMPARE(decideBatch(two).openFrom, kHigh);
}

void TestBatcher::anIdleWorkerWaitsForMoreOnlyWhereAsked_data() {
    QTest::addColumn<int>("waitMs");
    QTest::addColumn<int>("inputs");
    QTest::addColumn<int>("outstanding");
    QTest::addColumn<int>("topLevel");
    QTest::addColumn<bool>("waits");
    QTest::newRow("not asked for") << 0 << 1 << 0 << kNormal << false;
    QTest::newRow("asked for") << 20 << 1 << 0 << kNormal << true;
    QTest::newRow("waited long enough") << 5 << 1 << 0 << kNormal << false;
    QTest::newRow("the batch is full") << 20 << 8 << 0 << kNormal << false;
    QTest::newRow("the worker is busy anyway") << 20 << 1 << 1 << kNormal << false;
    QTest::newRow("critical") << 20 << 1 << 0 << kCritical << false;
}

void TestBatcher::anIdleWorkerWaitsForMoreOnlyWhereAsked() {
    QFETCH(const int, waitMs);
    QFETCH(const int, inputs);
    QFETCH(const int, outstanding);
    QFETCH(const int, topLevel);
    QFETCH(const bool, waits);
    BatchSituation made = situation({0, outstanding, 0, 0});
    made.batchMaxWait = std::chrono::milliseconds(waitMs);
    made.waitingInputs = inputs;
    made.topLevel = topLevel;
    const BatchDecision decision = decideBatch(made);
    QCOMPARE(decision.until.has_value(), waits);
    QCOMPARE(decision.openFrom, waits ? kLevels : kLow);
    if (waits)
        QVERIFY(*decision.until == made.waitingSince + made.batchMaxWait);
}

void TestBatcher::aLongRequestCountsAsOneBatch() {
    QCOMPARE(windowInputs(1, 8), std::int64_t(1));
    QCOMPARE(windowInputs(1000, 8), std::int64_t(8));
}

QTEST_APPLESS_MAIN(TestBatcher)
#include "test_batcher.moc"
