// What the queue's page says of requests, and who got how much of the compute.
#include "gui/pages/queue/lanes.h"
#include "gui/pages/queue/queue_model.h"
#include "gui/pages/queue/shares.h"
#include "gui/theme/theme.h"
#include "gui/widgets/time_split.h"
#include "gui/widgets/time_text.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QItemSelectionModel>
#include <QSignalSpy>
#include <QtTest>

using namespace mm::gui;

namespace {

constexpr double kNow = 1'000'000;

v1::QueueEntry waiting(const std::string& id, v1::Priority priority, int position) {
    v1::QueueEntry entry;
    entry.set_request_id(id);
    entry.set_priority(priority);
    entry.set_state(v1::REQUEST_STATE_WAITING);
    entry.set_position(position);
    entry.mutable_received_at()->set_seconds(998);
    entry.set_waited_ms(1'900);
    return entry;
}

std::vector<v1::QueueEntry> many(int first, int count) {
    std::vector<v1::QueueEntry> entries;
    for (int i = first; i < first + count; ++i)
        entries.push_back(waiting("r" + std::to_string(i), v1::PRIORITY_NORMAL, i - first + 1));
    return entries;
}

v1::ClientShare share(const std::string& client, double computed) {
    v1::ClientShare one;
    one.set_client(client);
    one.set_weight(1);
    one.set_compute_ms(computed);
    return one;
}

google::protobuf::RepeatedPtrField<v1::ClientShare> clients(double one, double other) {
    google::protobuf::RepeatedPtrField<v1::ClientShare> all;
    *all.Add() = share("one", one);
    *all.Add() = share("other", other);
    return all;
}

} // namespace

class TestQueueTexts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void spansHaveNoMoreDigitsThanMeanSomething() {
        QCOMPARE(spanText(-1), kNothing);
        QCOMPARE(spanText(0.42), QStringLiteral("0.4 ms"));
        QCOMPARE(spanText(8.2), QStringLiteral("8.2 ms"));
        QCOMPARE(spanText(82.4), QStringLiteral("82 ms"));
        QCOMPARE(spanText(4'123), QStringLiteral("4.1 s"));
        QCOMPARE(spanText(29'400), QStringLiteral("29 s"));
        QCOMPARE(spanText(10 * 60'000 + 1'000), QStringLiteral("10 min"));
        QCOMPARE(spanText(125 * 60'000), QStringLiteral("2 h 5 min"));
    }

    void timesComeFromTheEnginesClock() {
        v1::QueueReport report;
        *report.add_entries() = waiting("a", v1::PRIORITY_LOW, 1);
        // It has waited for 1.9 s since 998 s, so it is 999.9 s there, when it is 1000 s here.
        QCOMPARE(engineAhead(report, kNow).value(), -100.0);
        QCOMPARE(waitedText(report.entries(0), kNow), QStringLiteral("2.0 s"));
        report.mutable_entries(0)->mutable_estimated_start_at()->set_seconds(1'003);
        QCOMPARE(startsText(report.entries(0), kNow), QStringLiteral("3.0 s"));
        QCOMPARE(stateText(report.entries(0), kNow), QStringLiteral("position 1, starts in ≈ 3.0 s"));
        report.mutable_entries(0)->set_state(v1::REQUEST_STATE_RUNNING);
        QCOMPARE(startsText(report.entries(0), kNow), QStringLiteral("runs"));
        QVERIFY(!engineAhead(report, kNow));
    }

    void theLanesHaveEnds() {
        QCOMPARE(neighbour(waiting("a", v1::PRIORITY_NORMAL, 1), -1).value(), v1::PRIORITY_HIGH);
        QVERIFY(!neighbour(waiting("a", v1::PRIORITY_CRITICAL, 1), -1));
        QVERIFY(!neighbour(waiting("a", v1::PRIORITY_LOW, 1), 1));
        auto running = waiting("a", v1::PRIORITY_LOW, 0);
        running.set_state(v1::REQUEST_STATE_RUNNING);
        QVERIFY(!neighbour(running, -1));
        QVERIFY(canCancel(running) && !canHold(running));
    }

    void theSummaryCountsWhatThereIs() {
        v1::QueueReport report;
        *report.add_entries() = waiting("a", v1::PRIORITY_LOW, 1);
        report.mutable_entries(0)->set_state(v1::REQUEST_STATE_HELD);
        report.set_total(24);
        report.set_running(3);
        QCOMPARE(summaryText(report, kNow), QStringLiteral("3 running · 21 waiting · 1 held · oldest 2.0 s"));
    }

    void onlyAsManyAreAskedForAsAreLookedAt() {
        QCOMPARE(entriesToAsk(0, 0, 0, false), 200);
        QCOMPARE(entriesToAsk(200, 0, 10'000, false), 200);
        QCOMPARE(entriesToAsk(200, 0.5, 10'000, false), 200);
        QCOMPARE(entriesToAsk(200, 0.9, 10'000, false), 400); // near the end of those: more
        QCOMPARE(entriesToAsk(800, 1, 900, false), 1'100);
        QCOMPARE(entriesToAsk(800, 1, 700, false), 800);       // that is all of them
        QCOMPARE(entriesToAsk(6'400, 0, 10'000, true), 6'400); // the chosen one stays
        QCOMPARE(entriesToAsk(6'400, 0, 10'000, false), 200);  // back at the top
    }

    void aLaneCountsWhatTheEngineHasInIt() {
        v1::QueueReport report;
        report.mutable_depth()->set_medium_priority(9'000);
        report.mutable_depth()->set_low_priority(700);
        *report.add_entries() = waiting("a", v1::PRIORITY_NORMAL, 0);
        report.mutable_entries(0)->set_state(v1::REQUEST_STATE_RUNNING);
        *report.add_entries() = waiting("b", v1::PRIORITY_NORMAL, 1);
        QCOMPARE(laneTotals(report), (std::array<int, kLanes>{0, 0, 9'001, 700}));
        Theme theme;
        QueueModel model(theme);
        model.update({report.entries().begin(), report.entries().end()}, kNow);
        QCOMPARE(model.totalOf(Lane::Normal), 2);
        model.setTotals(laneTotals(report));
        QCOMPARE(model.totalOf(Lane::Normal), 9'001);
        QCOMPARE(model.laneIndex(Lane::Low).data(Qt::AccessibleTextRole).toString(),
                 QStringLiteral("low, 700 request(s)"));
    }

    void timePassesForWhatIsSeenAlone() {
        Theme theme;
        QueueModel model(theme);
        model.update(many(0, 10'000), kNow);
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        std::array<RowRange, kLanes> seen;
        seen[static_cast<std::size_t>(Lane::Normal)] = {40, 60};
        model.setNow(kNow + 250, seen);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed[0][0].toModelIndex().row(), 40);
        QCOMPARE(changed[0][1].toModelIndex().row(), 60);
    }

    void sharesAreOfTheLastMinute() {
        ShareWindow window;
        window.add(0, clients(1'000, 0));
        QCOMPARE(window.shares().front().part, 0.0);
        window.add(30'000, clients(1'030, 10));
        QCOMPARE(window.shares().front().client, std::string("one"));
        QCOMPARE(window.shares().front().part, 0.75);
        window.add(90'000, clients(1'040, 40)); // since 30 s: 10 and 30
        QCOMPARE(window.shares().front().client, std::string("other"));
        QCOMPARE(window.shares().front().part, 0.75);
    }

    void aSplitAddsUp() {
        v1::InferenceMetadata metadata;
        metadata.set_queue_ms(2);
        metadata.set_compute_ms(5);
        metadata.set_total_time_ms(6);
        QCOMPARE(timeSplitOf(metadata).total, 7.0);
        QCOMPARE(splitText(timeSplitOf(metadata)), QStringLiteral("queue 2.0 ms · compute 5.0 ms"));
    }

    void theModelChangesInPlace() {
        Theme theme;
        QueueModel model(theme);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
        model.update(many(0, 20), kNow);
        QItemSelectionModel selection(&model);
        selection.select(model.indexOf("r7"), QItemSelectionModel::Select | QItemSelectionModel::Rows);
        auto next = many(5, 20); // five have gone, five are new, two have changed places, one its lane
        std::swap(next[2], next[10]);
        next[4].set_priority(v1::PRIORITY_HIGH);
        model.update(next, kNow);
        QCOMPARE(model.countOf(Lane::Normal), 19);
        QCOMPARE(model.countOf(Lane::High), 1);
        QCOMPARE(selection.selectedRows().size(), 1);
        QCOMPARE(model.entryAt(selection.selectedRows().front())->request_id(), std::string("r7"));
        for (int row = 0, i = 0; i < 20; ++i)
            if (i != 4) {
                const auto* entry = model.entryAt(model.index(row++, 0, model.laneIndex(Lane::Normal)));
                QCOMPARE(entry->request_id(), next[static_cast<std::size_t>(i)].request_id());
            }
        model.update({}, kNow);
        QCOMPARE(model.countOf(Lane::Normal), 0);
        QCOMPARE(resets.count(), 0);
    }
};

QTEST_MAIN(TestQueueTexts)
#include "test_queue_texts.moc"
