#include "worker/runtime/micro_batches.h"

#include <QtTest>

#include <set>

using namespace mm::worker;

class TestMicroBatches : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingGivesNoGroups() { QVERIFY(microBatches({}, {}).empty()); }

    void longestComeFirstAndEqualsKeepTheirOrder() {
        const std::vector<std::int32_t> lengths{3, 9, 3, 12};
        const auto groups = microBatches(lengths, {100, 100});
        QCOMPARE(groups.size(), std::size_t{1});
        QCOMPARE(groups[0], (std::vector<std::size_t>{3, 1, 0, 2}));
    }

    void tokensBoundAGroup() {
        const std::vector<std::int32_t> lengths{10, 10, 10, 10};
        QCOMPARE(microBatches(lengths, {25, 100}).size(), std::size_t{2});
    }

    void sequencesBoundAGroup() {
        const std::vector<std::int32_t> lengths(7, 1);
        QCOMPARE(microBatches(lengths, {100, 3}).size(), std::size_t{3});
    }

    void aLongSequenceIsAGroupOfItsOwn() {
        const std::vector<std::int32_t> lengths{500, 1};
        const auto groups = microBatches(lengths, {100, 100});
        QCOMPARE(groups.size(), std::size_t{2});
        QCOMPARE(groups[0], (std::vector<std::size_t>{0}));
    }

    void everySequenceAppearsOnce() {
        std::vector<std::int32_t> lengths(1000);
        for (std::size_t i = 0; i < lengths.size(); ++i)
            lengths[i] = static_cast<std::int32_t>(i * 7919 % 300);
        std::set<std::size_t> seen;
        std::size_t count = 0;
        for (const auto& group : microBatches(lengths, {512, 64})) {
            seen.insert(group.begin(), group.end());
            count += group.size();
        }
        QCOMPARE(count, lengths.size());
        QCOMPARE(seen.size(), lengths.size());
    }
};

QTEST_APPLESS_MAIN(TestMicroBatches)
#include "test_micro_batches.moc"
