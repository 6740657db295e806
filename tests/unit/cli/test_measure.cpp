// The pure parts of `modelmora top` and `modelmora bench`.
#include "cli/commands/measure/bench_figures.h"
#include "cli/commands/measure/top_view.h"
#include "cli/output/text.h"

#include <QtTest>

#include <set>

using namespace mm::cli;

namespace {

constexpr std::int64_t kMega = 1 << 20;

TopReading reading(int seconds, std::int64_t inputs, std::int64_t pid = 7) {
    TopReading reading;
    reading.at = std::chrono::steady_clock::time_point(std::chrono::seconds(seconds));
    reading.status.set_version("0.1.0");
    reading.status.set_pid(pid);
    reading.status.set_uptime_seconds(90);
    auto* device = reading.memory.add_devices();
    device->set_device("cpu");
    device->set_total_bytes(1000 * kMega);
    device->set_budget_bytes(800 * kMega);
    device->set_free_bytes(600 * kMega);
    device->set_committed_bytes(200 * kMega);
    device->set_other_programs_bytes(300 * kMega);
    auto* loaded = reading.status.add_loaded_models();
    loaded->set_model_id("sentence-transformers/all-MiniLM-L6-v2");
    loaded->set_version("main");
    loaded->set_state(v1::MODEL_STATE_LOADED);
    loaded->set_measured_bytes(200 * kMega);
    auto* queue = reading.queue.add_models();
    queue->set_model_id("sentence-transformers/all-MiniLM-L6-v2");
    queue->set_version("main");
    queue->set_running(3);
    queue->set_inputs_finished(inputs);
    queue->set_requests_finished(inputs / 2);
    return reading;
}

void addModels(TopReading& reading, int count) {
    for (int i = 0; i < count; ++i) {
        auto* model = reading.status.add_loaded_models();
        model->set_model_id("org/model-" + std::to_string(i));
        model->set_version("1");
        model->set_state(v1::MODEL_STATE_LOADING);
        model->set_reason("waits for memory that others hold");
    }
}

std::string all(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines)
        text += line + "\n";
    return text;
}

} // namespace

class TestMeasure : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void ratesAreOfTheTimeBetween() {
        const auto rates = ratesBetween(reading(0, 100), reading(2, 500));
        const auto found = rates.find("sentence-transformers/all-MiniLM-L6-v2@main");
        QVERIFY(found != rates.end());
        QCOMPARE(found->second.inputs, 200.0);
        QCOMPARE(found->second.requests, 100.0);
        // Another engine counts from the beginning, and so does a model that was registered anew.
        QCOMPARE(ratesBetween(reading(0, 1000), reading(2, 500, 8)).begin()->second.inputs, 250.0);
        QCOMPARE(ratesBetween(reading(0, 1000), reading(2, 500)).begin()->second.inputs, 250.0);
        QVERIFY(ratesBetween(reading(2, 100), reading(2, 500)).empty());
    }

    void aScreenShowsModelsMemoryQueueAndRates() {
        const TopReading now = reading(2, 500);
        const std::string shown = all(topLines(now, ratesBetween(reading(0, 100), now), "box:50051", {100, 24, {}}));
        for (const char* part : {"ModelMora 0.1.0", "box:50051", "up 1 min", "200/s inputs", "200 MB of 800 MB",
                                 "queue 0 running, 0 waiting", "sentence-transformers/all-MiniLM-L6-v2@main", "loaded"})
            QVERIFY2(shown.find(part) != std::string::npos, (std::string(part) + "\n" + shown).c_str());
        QVERIFY(shown.find('\033') == std::string::npos);
    }

    void noLineIsWiderThanTheScreenAndNoPageLonger_data() {
        QTest::addColumn<int>("columns");
        QTest::addColumn<int>("lines");
        for (const int columns : {1, 10, 20, 40, 64, 80, 200})
            for (const int lines : {1, 5, 12, 40})
                QTest::addRow("%d x %d", columns, lines) << columns << lines;
    }
    void noLineIsWiderThanTheScreenAndNoPageLonger() {
        QFETCH(const int, columns);
        QFETCH(const int, lines);
        TopReading now = reading(2, 500);
        addModels(now, 20);
        now.problem = "No engine answers at box:50051, and that is a longer sentence than fits into a narrow screen.";
        const auto shown =
            topLines(now, {}, "box:50051", {static_cast<std::size_t>(columns), static_cast<std::size_t>(lines), {}});
        QVERIFY(shown.size() <= static_cast<std::size_t>(lines));
        if (columns >= 40)
            for (const std::string& line : shown)
                QVERIFY2(displayWidth(line) <= static_cast<std::size_t>(columns), line.c_str());
    }

    void whatDoesNotFitIsCountedAndTheBusyAreShown() {
        TopReading now = reading(2, 500);
        addModels(now, 20);
        const std::string shown = all(topLines(now, {}, "box:50051", {40, 12, {}}));
        QVERIFY2(shown.find("sentence-") != std::string::npos, shown.c_str());
        QVERIFY2(shown.find("more") != std::string::npos, shown.c_str());
    }

    void theBarSharesOutMemory() {
        QCOMPARE(memoryBar(25, 50, 100, 10), std::string("[##----  ]"));
        QCOMPARE(memoryBar(0, 0, 100, 6), std::string("[    ]"));
        QCOMPARE(memoryBar(0.1, 0, 100, 6), std::string("[#   ]")); // what is held shows
        QCOMPARE(memoryBar(200, 200, 100, 6), std::string("[####]"));
        QCOMPARE(memoryBar(1, 1, 0, 6), std::string("[#   ]"));
        QCOMPARE(memoryBar(1, 1, 2, 2), std::string());
    }

    void levelsAreReadOrRefused() {
        QCOMPARE(*readLevels("1,4,16"), (std::vector<int>{1, 4, 16}));
        for (const char* wrong : {"", ",", "1,", "0", "257", "4x", "-1", "1 2"})
            QVERIFY2(!readLevels(wrong).ok(), wrong);
    }

    void percentilesAreValuesThatWereSeen() {
        std::vector<double> sorted;
        for (int i = 1; i <= 100; ++i)
            sorted.push_back(i);
        QCOMPARE(percentile(sorted, 50), 50.0);
        QCOMPARE(percentile(sorted, 99), 99.0);
        QCOMPARE(percentile(sorted, 100), 100.0);
        QCOMPARE(percentile({7}, 1), 7.0);
        QCOMPARE(percentile({}, 50), 0.0);
    }

    void aLevelIsSummarised() {
        BenchTally tally;
        v1::InferenceMetadata metadata;
        metadata.set_batch_size(4);
        metadata.set_input_tokens(10);
        metadata.set_compute_ms(2);
        for (const double latency : {4.0, 2.0, 3.0, 1.0})
            tally.add(latency, metadata);
        BenchTally more;
        more.failures["QUEUE_FULL"] = 3;
        tally.add(more);
        const BenchLevel level = summarise(2, 2.0, 8, tally);
        QCOMPARE(level.requests, std::int64_t{4});
        QCOMPARE(level.perSecond(level.inputs), 16.0);
        QCOMPARE(level.perSecond(level.tokens), 20.0);
        QCOMPARE(level.p50Ms, 2.0);
        QCOMPARE(level.maxMs, 4.0);
        QCOMPARE(level.meanMs, 2.5);
        QCOMPARE(level.batchSize, 4.0);
        QCOMPARE(level.failures.at("QUEUE_FULL"), std::int64_t{3});
    }

    void textsAreAllDifferentAndAlwaysTheSame() {
        const auto texts = benchTexts(200, 12);
        QCOMPARE(std::set<std::string>(texts.begin(), texts.end()).size(), texts.size());
        QVERIFY(texts == benchTexts(200, 12));
    }
};

QTEST_GUILESS_MAIN(TestMeasure)
#include "test_measure.moc"
