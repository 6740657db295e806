// History in the database: how spans add up, what is dropped, what is found again.
#include "engine/observability/history/distribution.h"
#include "engine/observability/history/history_recorder.h"
#include "engine/observability/history/history_store.h"

#include <QTemporaryDir>
#include <QtTest>

#include <google/protobuf/util/time_util.h>

using namespace mm;
using namespace mm::observability;
using namespace std::chrono_literals;

namespace {

const WallTime kStart(std::chrono::seconds(1'800'000'000)); // a whole quarter of an hour

hv1::Span span(std::uint64_t completed, double latencyMs, const std::string& model = "me/one") {
    HistoryRecorder recorder;
    for (std::uint64_t i = 0; i < completed; ++i) {
        v1::QueueEntry ended;
        ended.set_model_id(model);
        ended.set_state(v1::REQUEST_STATE_COMPLETED);
        ended.mutable_metadata()->set_total_time_ms(latencyMs);
        recorder.ended(ended);
    }
    hv1::Span taken = recorder.take({}, 0);
    taken.set_seconds(10);
    return taken;
}

v1::QueueEntry failedAt(WallTime time, const std::string& id, const std::string& client = "c") {
    v1::QueueEntry entry;
    entry.set_request_id(id);
    entry.set_model_id("me/one");
    entry.set_version("2");
    entry.set_client(client);
    entry.set_state(v1::REQUEST_STATE_FAILED);
    entry.mutable_error()->set_code("WORKER_CRASHED");
    const auto stamp = google::protobuf::util::TimeUtil::MillisecondsToTimestamp(
        std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count());
    *entry.mutable_received_at() = stamp;
    *entry.mutable_finished_at() = stamp;
    return entry;
}

double valueOf(const v1::HistoryReport& report, const std::string& name, int point) {
    for (const v1::HistorySeries& series : report.series())
        if (series.name() == name)
            return point < series.points_size() ? series.points(point).value() : -1;
    return -2;
}

} // namespace

class TestHistoryStore final : public QObject {
    Q_OBJECT

    struct House {
        QTemporaryDir folder;
        std::filesystem::path file = std::filesystem::path(folder.path().toStdString()) / "history.db";
        std::unique_ptr<HistoryStore> store;

        explicit House(HistoryStore::Bounds bounds = {}) {
            store::DatabaseOptions options;
            options.file = file;
            options.now = kStart;
            if (!store::openDatabase(options).ok())
                qFatal("no database");
            reopen(bounds);
        }
        void reopen(HistoryStore::Bounds bounds = {}) {
            store.reset();
            store = std::move(HistoryStore::open(file, kStart, bounds)).value();
        }
        v1::HistoryReport report(const v1::GetHistoryRequest& request, WallTime now) {
            const auto range = rangeOf(request, now);
            if (!range.ok())
                qFatal("%s", range.error().message.c_str());
            return reportOf(request, *range, store->spans(*range).value());
        }
    };

private Q_SLOTS:
    void spansAddUpToLongerOnesAndAreThereAfterAnotherStart() {
        House house;
        for (int i = 0; i < 12; ++i) // two minutes, the second twice as fast and as much
            QVERIFY(house.store->addSpan(kStart + i * 10s, span(i < 6 ? 10 : 20, i < 6 ? 100 : 50)).ok());
        house.reopen();
        v1::GetHistoryRequest request;
        request.set_model_id("me/one");
        request.set_resolution_seconds(60);
        const auto report = house.report(request, kStart + 2min);
        QCOMPARE(valueOf(report, "requests_per_second", 0), 1.0);
        QCOMPARE(valueOf(report, "requests_per_second", 1), 2.0);
        QVERIFY(std::abs(valueOf(report, "latency_p95_ms", 0) - 100) < 5);
        QVERIFY(std::abs(valueOf(report, "latency_p95_ms", 1) - 50) < 2.5);
        request.set_resolution_seconds(900);
        const auto quarter = house.report(request, kStart + 2min);
        QCOMPARE(valueOf(quarter, "requests_per_second", 0), 1.5);
        QVERIFY(std::abs(valueOf(quarter, "latency_p50_ms", 0) - 50) < 2.5); // 120 of 180 took that
    }

    void whatIsNotKnownAtEveryReadingIsTheMeanOfThoseThatKnow() {
        House house;
        HistoryRecorder recorder;
        EngineFigures figures;
        hv1::Span sum = recorder.take(figures, 0); // a machine without a GPU, then one is there
        figures.gpus = {40, 25, std::nullopt, 120.5};
        add(sum, recorder.take(figures, 0));
        figures.gpus.usePercent = 60;
        add(sum, recorder.take(figures, 0));
        sum.set_seconds(30);
        QVERIFY(house.store->addSpan(kStart, sum).ok());
        const auto report = house.report({}, kStart + 10s);
        QCOMPARE(valueOf(report, "gpu_percent", 0), 50.0);
        QCOMPARE(valueOf(report, "gpu_memory_percent", 0), 25.0);
        QCOMPARE(valueOf(report, "gpu_watts", 0), 120.5);
        QCOMPARE(valueOf(report, "gpu_celsius", 0), -1.0); // no point
    }

    void theMachineIsAllModelsTogether() {
        House house;
        hv1::Span both = span(10, 10, "me/one");
        add(both, span(30, 10, "me/two"));
        both.set_samples(1);
        both.set_seconds(10);
        QVERIFY(house.store->addSpan(kStart, both).ok());
        const auto report = house.report({}, kStart + 10s);
        QCOMPARE(valueOf(report, "requests_per_second", 0), 4.0);
        QCOMPARE(report.models_size(), 2);
    }

    void onlySoMuchIsKept() {
        House house;
        for (int i = 0; i < 400; ++i)
            QVERIFY(house.store->addSpan(kStart + i * 10s, span(1, 1)).ok());
        HistoryRange all{kStart, kStart + 2h, kResolutions[0]};
        QCOMPARE(house.store->spans(all)->size(), std::size_t{360});
        all.resolution = kResolutions[1];
        QCOMPARE(house.store->spans(all)->size(), std::size_t{67});
    }

    void aClockThatJumpedAheadLeavesNothingInTheFuture() {
        House house;
        QVERIFY(house.store->addSpan(kStart, span(1, 1)).ok());
        QVERIFY(house.store->addSpan(kStart + 8760h, span(1, 1)).ok());
        QVERIFY(house.store->addSpan(kStart + 10s, span(1, 1)).ok());
        const HistoryRange all{kStart, kStart + 10000h, kResolutions[0]};
        QCOMPARE(house.store->spans(all)->size(), std::size_t{2});
    }

    void failedRequestsAreFoundByModelClientAndTime() {
        House house({.requests = 3});
        QVERIFY(house.store
                    ->keepRequests({failedAt(kStart, "a"), failedAt(kStart + 1s, "b"), failedAt(kStart + 2s, "c", "d"),
                                    failedAt(kStart + 3s, "d")})
                    .ok());
        house.reopen({.requests = 3});
        v1::ListRequestsRequest filter;
        const auto ids = [&] {
            std::string found;
            const auto entries = house.store->findRequests(filter, kStart + 1min, 10);
            for (const auto& entry : *entries)
                found += entry.request_id();
            return found;
        };
        QCOMPARE(ids(), std::string("dcb")); // "a" was one too many
        filter.set_client("d");
        QCOMPARE(ids(), std::string("c"));
        filter.clear_client();
        filter.set_model_id("me/one@2");
        QCOMPARE(ids(), std::string("dcb"));
        filter.set_model_id("me/one@1");
        QCOMPARE(ids(), std::string());
        filter.clear_model_id();
        filter.mutable_since()->set_seconds(1'800'000'003);
        QCOMPARE(ids(), std::string("d"));
        filter.set_slower_than_ms(1);
        QCOMPARE(ids(), std::string());
    }

    void percentilesOfDistributions() {
        Distribution distribution;
        for (int i = 1; i <= 1000; ++i)
            distribution.observe(i);
        const auto message = distribution.toMessage();
        QVERIFY(std::abs(percentile(message, 0.5) / 500 - 1) < 0.046);
        QVERIFY(std::abs(percentile(message, 0.99) / 990 - 1) < 0.046);
        QCOMPARE(percentile({}, 0.5), 0.0);
        distribution.observe(0);
        distribution.observe(1e12); // whatever comes has a bucket
    }

    void whatARangeMeans() {
        v1::GetHistoryRequest request;
        QCOMPARE(rangeOf(request, kStart)->resolution.span.count(), 10);
        request.mutable_from()->set_seconds(1'800'000'000 - 7200);
        QCOMPARE(rangeOf(request, kStart)->resolution.span.count(), 60);
        request.mutable_from()->set_seconds(1'800'000'000 - 200'000);
        QCOMPARE(rangeOf(request, kStart)->resolution.span.count(), 900);
        request.set_resolution_seconds(7);
        request.add_series("nonsense");
        request.mutable_to()->set_seconds(1);
        QCOMPARE(rangeOf(request, kStart).error().fieldErrors.size(), std::size_t{3});
    }
};

QTEST_GUILESS_MAIN(TestHistoryStore)
#include "test_history_store.moc"
