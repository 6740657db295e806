// What the charts make of values over time, and who is shown as waiting.
#include "gui/pages/overview/waiting_list.h"
#include "gui/widgets/charts/time_series.h"

#include <QtTest>

using namespace mm::gui;

namespace {

constexpr double kMinute = 60e3;

Points line(int count, double step) {
    Points points;
    for (int i = 0; i < count; ++i)
        points.emplace_back(i * step, i % 7);
    return points;
}

} // namespace

class TestTimeSeries : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aHoleIsNotBridgedAndALonePointIsSeen() {
        const auto runs = runsOf({{0, 1}, {10, 2}, {20, 3}, {100, 4}}, 25);
        QCOMPARE(runs.size(), std::size_t{2});
        QCOMPARE(runs[0].size(), std::size_t{3});
        QCOMPARE(runs[1].size(), std::size_t{2}); // a dash
    }

    void sevenDaysBecomeFewPointsAndKeepTheirPeak() {
        Points points = line(60'480, 10e3);
        points[31'337].setY(900);
        const Points fewer = downsampled(points, 800);
        QVERIFY(fewer.size() <= 800);
        QVERIFY(std::any_of(fewer.begin(), fewer.end(), [](const QPointF& point) { return point.y() == 900; }));
        QVERIFY(std::is_sorted(fewer.begin(), fewer.end(), [](auto a, auto b) { return a.x() < b.x(); }));
        QCOMPARE(downsampled(line(10, 1), 800).size(), std::size_t{10});
    }

    void axesEndAtRoundValues() {
        QCOMPARE(niceTop(0), 1.0);
        QCOMPARE(niceTop(104), 200.0);
        QCOMPARE(niceTop(37), 40.0);
        QCOMPARE(niceTop(0.7), 0.8);
        const auto times = roundTimes({3 * kMinute + 17, 18 * kMinute + 17}, 5);
        QCOMPARE(times, (std::vector<double>{5 * kMinute, 10 * kMinute, 15 * kMinute}));
    }

    void labelsOfAnAxisHaveAsManyDigitsAsItsSteps() {
        const auto labels = [](double top, const QString& unit) {
            QStringList all;
            for (int i = 4; i >= 0; --i)
                all << axisLabel(top * i / 4, top, unit);
            return all.join(QLatin1Char('|'));
        };
        QCOMPARE(labels(10, QStringLiteral("/s")), QStringLiteral("10.0 /s|7.5|5.0|2.5|0.0"));
        QCOMPARE(labels(100, QStringLiteral("%")), QStringLiteral("100 %|75|50|25|0"));
        QCOMPARE(labels(8'000, QStringLiteral("/s")), QStringLiteral("8,000 /s|6,000|4,000|2,000|0"));
        QCOMPARE(labels(4'000, QStringLiteral("ms")), QStringLiteral("4,000 ms|3,000|2,000|1,000|0"));
        QCOMPARE(labels(20'000, QStringLiteral("ms")), QStringLiteral("20 s|15|10|5|0"));
        QCOMPARE(labels(0.2, {}), QStringLiteral("0.20|0.15|0.10|0.05|0.00"));
    }

    void theValueUnderThePointerIsTheNearestOne() {
        const Points points{{0, 1}, {10, 2}, {20, 3}};
        QCOMPARE(nearest(points, 12, 10)->y(), 2.0);
        QCOMPARE(nearest(points, 19, 10)->y(), 3.0);
        QVERIFY(!nearest(points, 60, 10).has_value());
        QVERIFY(!nearest({}, 0, 10).has_value());
    }

    void aTableHasALineForEachMomentAndNothingWhereNothingIsKnown() {
        const SeriesByName series{{QStringLiteral("cpu"), {{0, 12.5}, {10e3, 20}}},
                                  {QStringLiteral("ram"), {{10e3, 70}}}};
        QCOMPARE(csvOf(series, {0, 60e3}), QStringLiteral("time,cpu,ram\n"
                                                          "1970-01-01T00:00:00.000Z,12.5,\n"
                                                          "1970-01-01T00:00:10.000Z,20,70\n"));
        QCOMPARE(csvOf(series, {5e3, 60e3}), QStringLiteral("time,cpu,ram\n1970-01-01T00:00:10.000Z,20,70\n"));
    }

    void whoWaitsIsToldWithHowManyMoreThereAre() {
        v1::QueueReport queue;
        queue.mutable_depth()->set_low_priority(17);
        queue.mutable_depth()->set_critical_priority(1);
        queue.add_clients()->set_waiting(18);
        for (int i = 0; i < 19; ++i) {
            v1::QueueEntry& entry = *queue.add_entries();
            entry.set_state(i == 0 ? v1::REQUEST_STATE_RUNNING : v1::REQUEST_STATE_WAITING);
            entry.set_priority(i == 1 ? v1::PRIORITY_CRITICAL : v1::PRIORITY_LOW);
            entry.set_client("importer");
            entry.set_position(i);
        }
        const WaitingList list = waitingListOf(queue, 6);
        QCOMPARE(list.lines.size(), std::size_t{6});
        QCOMPARE(list.lines[0].place, QStringLiteral("!"));
        QCOMPARE(list.lines[1].place, QStringLiteral("2"));
        QCOMPARE(list.summary, QStringLiteral("18 requests · 1 client"));
        QCOMPARE(list.more, QStringLiteral("12 more, all importer · low"));
        QVERIFY(waitingListOf({}, 6).summary.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestTimeSeries)
#include "test_time_series.moc"
