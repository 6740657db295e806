// Lines of the activity page: how they are read, found and kept within bounds.
#include "gui/pages/activity/live_output.h"
#include "gui/pages/activity/log_tab.h"
#include "gui/pages/activity/record_filter.h"
#include "gui/pages/activity/record_table.h"

#include <QtTest>

using namespace mm::gui;

class TestRecords : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLogLineIsTakenApart() {
        const Record record = recordOf(
            "2026-11-22T01:06:13.042Z warning: model loading model=org/model@main request_id=r-7 reason=wanted");
        QCOMPARE(record.what, QStringLiteral("warning"));
        QVERIFY(record.atMs > 0);
        QCOMPARE(record.text, QStringLiteral("model loading model=org/model@main request_id=r-7 reason=wanted"));
        QCOMPARE(record.model, QStringLiteral("org/model"));
        QCOMPARE(record.request, QStringLiteral("r-7"));
        QVERIFY(record.ink == Role::Warning);
        QCOMPARE(recordOf("{\"json\": 1}").text, QStringLiteral("{\"json\": 1}"));
        QCOMPARE(recordOf("").text, QString());
    }

    void whatWorkersPrintIsFoundInTheLog() {
        const std::vector<std::string> log{
            "2026-11-22T01:06:13.042Z debug: worker says model=org/model@main pid=4711 line=\"it said \\\"so\\\"\"",
            "2026-11-22T01:06:13.043Z debug: worker says model=org/other@main pid=4712 line=quiet",
            "2026-11-22T01:06:13.044Z info: model loaded model=org/model@main pid=4711",
            "2026-11-22T01:06:13.045Z debug: worker says model=org/model@2 pid=4713 line=word"};
        QCOMPARE(printedLines(log, QStringLiteral("org/model")),
                 (QStringList{QStringLiteral("process 4711: it said \"so\""), QStringLiteral("process 4713: word")}));
    }

    void eventsLeadToWhatTheyAreAbout() {
        v1::Event event;
        event.set_type("job.failed");
        event.set_model_id("org/model@main");
        event.set_job_id("j-1");
        QCOMPARE(recordOf(event).job, QStringLiteral("j-1"));
        QVERIFY(recordOf(event).request.isEmpty());
        v1::AuditRecord audit;
        audit.set_action("job.retry");
        audit.set_target("j-2");
        QCOMPARE(recordOf(audit).job, QStringLiteral("j-2"));
    }

    void onlyNewLinesOfTheLogAreAdded() {
        using Lines = std::vector<std::string>;
        QCOMPARE(newLines({}, {"a", "b"}), (Lines{"a", "b"}));
        QCOMPARE(newLines({"a", "b", "b"}, {"b", "b", "c"}), (Lines{"c"}));
        QCOMPARE(newLines({"a", "b"}, {"a", "b"}), Lines{});
        QCOMPARE(newLines({"a"}, {"x", "y"}), (Lines{"x", "y"})); // so many came that none is known
    }

    void recordsAreFoundByTopicAndWords() {
        Record record;
        record.what = QStringLiteral("model.loaded");
        record.about = QStringLiteral("org/MiniLM@1");
        record.text = QStringLiteral("It is loaded.");
        QVERIFY(isWanted(record, {}));
        QVERIFY(isWanted(record, {QStringLiteral("model"), QStringLiteral("minilm LOADED")}));
        QVERIFY(!isWanted(record, {QStringLiteral("job"), {}}));
        QVERIFY(!isWanted(record, {{}, QStringLiteral("minilm failed")}));
    }

    void theTableForgetsTheOldest() {
        Theme theme;
        RecordTable table(theme);
        const auto batch = [](int from, int count) {
            std::vector<Record> records(static_cast<std::size_t>(count));
            for (int i = 0; i < count; ++i)
                records[static_cast<std::size_t>(i)].number = from + i;
            return records;
        };
        table.append(batch(0, RecordTable::kMost - 10));
        table.append(batch(RecordTable::kMost - 10, 30));
        QCOMPARE(table.rowCount(), RecordTable::kMost);
        QCOMPARE(table.at(0).number, std::int64_t{20});
        QCOMPARE(table.at(RecordTable::kMost - 1).number, std::int64_t{RecordTable::kMost + 19});
        table.append(batch(0, 3 * RecordTable::kMost));
        QCOMPARE(table.rowCount(), RecordTable::kMost);
        QCOMPARE(table.at(0).number, std::int64_t{2 * RecordTable::kMost});
    }
};

QTEST_MAIN(TestRecords)
#include "test_records.moc"
