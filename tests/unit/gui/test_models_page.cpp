// What the models page says: rows, plans, times and folders, out of given answers of the engine.
#include "gui/pages/models/details/config_merge.h"
#include "gui/pages/models/details/request_times.h"
#include "gui/pages/models/details/worker_lines.h"
#include "gui/pages/models/failure_text.h"
#include "gui/pages/models/list/model_table.h"
#include "gui/pages/models/load/plan_text.h"
#include "gui/pages/models/register/folder_facts.h"
#include "gui/pages/models/register/hub_cache.h"
#include "gui/pages/models/unload_text.h"
#include "gui/theme/theme.h"
#include "gui/widgets/time_text.h"

#include <QAbstractItemModelTester>
#include <QDir>
#include <QTemporaryDir>
#include <QtTest>

using namespace mm::gui;
using namespace mm::gui::models;

namespace {

constexpr std::int64_t kNow = 1'700'000'000;

v1::Model model(const char* id) {
    v1::Model made;
    made.set_model_id(id);
    made.set_version("main");
    made.set_task_type(v1::TASK_TYPE_TXT2EMBED);
    made.set_status("ready");
    return made;
}

v1::ModelStatus status(const char* id, v1::ModelState state) {
    v1::ModelStatus made;
    made.set_model_id(id);
    made.set_version("main");
    made.set_state(state);
    return made;
}

ModelRow rowOf(const v1::Model& one, const v1::ModelStatus& its, const v1::QueueReport& queue = {}) {
    v1::SystemStatus system;
    *system.add_loaded_models() = its;
    return rowsOf({{one}, &system, &queue, {}, kNow}).front();
}

void write(const QString& path, const QByteArray& content) {
    QVERIFY(QDir().mkpath(QFileInfo(path).path()));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

QByteArray weights() {
    const QByteArray header = R"({"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}})";
    QByteArray bytes(8, '\0');
    bytes[0] = static_cast<char>(header.size());
    return bytes + header + QByteArray(24, '\0');
}

} // namespace

class TestModelsPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aFailureSaysWhatToDoOnce() {
        mm::Error damaged{mm::ErrorCode::InvalidModelFiles, "model.safetensors is not a usable safetensors file"};
        QVERIFY(adviceOf(damaged).contains(QStringLiteral("again")));
        mm::Error killed{mm::ErrorCode::ModelLoadFailed, "the worker was killed: raise the limit"};
        QVERIFY(!adviceOf(killed).isEmpty());
        killed.facts["suggested_action"] = std::string("raise the limit");
        QVERIFY(adviceOf(killed).isEmpty());
    }

    void numbersMeanWhatTheySay() {
        QCOMPARE(bytesText(3'430'000'000), QStringLiteral("3.43 GB"));
        QCOMPARE(bytesText(16'900'000'000), QStringLiteral("16.9 GB"));
        QCOMPARE(bytesText(999'600'000), QStringLiteral("1.00 GB"));
        QCOMPARE(bytesText(421'000'000), QStringLiteral("421 MB"));
        QCOMPARE(bytesText(1'200'000), QStringLiteral("1.2 MB"));
        QCOMPARE(bytesText(640'000), QStringLiteral("640 kB"));
        QCOMPARE(bytesText(0), QStringLiteral("0 B"));
        QCOMPARE(spanText(200'000), QStringLiteral("3 min 20 s"));
        QCOMPARE(spanText(59'700), QStringLiteral("1 min"));
        QCOMPARE(spanText(52 * 3'600'000.0), QStringLiteral("2 d 4 h"));
        QCOMPARE(agoText(300), QStringLiteral("now"));
        QCOMPARE(agoText(240'000), QStringLiteral("4 min ago"));
        QCOMPARE(countdownText(358), QStringLiteral("5:58"));
        QCOMPARE(countdownText(3'602), QStringLiteral("1:00:02"));
        QCOMPARE(countdownText(-3), QStringLiteral("0:00"));
        QCOMPARE(parametersText(1'360'000'000), QStringLiteral("1.36 B"));
    }

    void latenciesShareOneUnit() {
        QCOMPARE(latencyText({}, {}, {}), kNothing);
        QCOMPARE(latencyText(1.92, 31.44, 118), QStringLiteral("1.92 / 31.4 / 118 ms"));
        QCOMPARE(latencyText(900, {}, 27'900), QStringLiteral("0.90 / – / 27.9 s"));
    }

    void aRowSaysItsState() {
        v1::ModelStatus its = status("org/one", v1::MODEL_STATE_LOADED);
        its.set_pinned(true);
        its.set_measured_bytes(210'000'000);
        its.mutable_last_used_at()->set_seconds(kNow - 240);
        its.mutable_idle_unload_at()->set_seconds(kNow + 358);
        ModelRow row = rowOf(model("org/one"), its);
        QCOMPARE(row.name, QStringLiteral("one"));
        QCOMPARE(row.state, QStringLiteral("ready · pinned"));
        QCOMPARE(row.used, QStringLiteral("4 min ago"));
        QCOMPARE(row.unloadsIn, QStringLiteral("5:58"));
        its.set_in_flight(2);
        QCOMPARE(rowOf(model("org/one"), its).condition, Condition::Busy);

        its = status("org/one", v1::MODEL_STATE_LOADING);
        its.mutable_load_progress()->set_percent(42.6);
        its.mutable_load_progress()->set_stage("weights");
        row = rowOf(model("org/one"), its);
        QCOMPARE(row.state, QStringLiteral("loading 43 %"));
        QCOMPARE(row.detail, QStringLiteral("weights"));

        its = status("org/one", v1::MODEL_STATE_UNHEALTHY);
        its.mutable_last_failure()->set_message("was killed by SIGSEGV");
        row = rowOf(model("org/one"), its);
        QCOMPARE(row.condition, Condition::Failed);
        QCOMPARE(row.detail, QStringLiteral("was killed by SIGSEGV"));
    }

    void anUnloadSaysWhatItDoesToRequests() {
        ModelRow row;
        row.condition = Condition::Ready;
        QVERIFY(unloadText(row).isEmpty());
        row.condition = Condition::Busy;
        row.running = 3;
        QVERIFY(unloadText(row).contains(QLatin1String("(3) are finished first")));
        row.waiting = 7;
        QVERIFY(unloadText(row).contains(QLatin1String("wait (7) are not lost")));
        row.condition = Condition::Loading;
        QVERIFY(unloadText(row).contains(QLatin1String("(7) fail")));
    }

    void aKillSaysHowManyRequestsEnd() {
        ModelRow row;
        row.condition = Condition::Busy;
        QVERIFY(killText(row).startsWith(QLatin1String("No request runs or waits")));
        row.running = 3;
        row.waiting = 7;
        QVERIFY(killText(row).contains(QLatin1String("run (3) are ended at once")));
        QVERIFY(killText(row).contains(QLatin1String("wait (7) are ended as well")));
        v1::UnloadModelResponse answer;
        QCOMPARE(unloadedText(QStringLiteral("org/m"), answer), QStringLiteral("org/m was not loaded"));
        answer.set_unloaded(true);
        answer.set_ended_requests(10);
        QVERIFY(unloadedText(QStringLiteral("org/m"), answer).contains(QLatin1String("ended with it: 10,")));
    }

    void twoChangesOfAConfigurationArePutTogether() {
        const auto config = [](std::initializer_list<std::pair<const char*, double>> fields) {
            google::protobuf::Struct made;
            for (const auto& [key, value] : fields)
                (*made.mutable_fields())[key].set_number_value(value);
            return made;
        };
        const auto before = config({{"threads", 1}, {"instances", 1}, {"max_length", 128}});
        const auto mine = config({{"threads", 2}, {"instances", 3}});
        const auto theirs = config({{"threads", 4}, {"instances", 1}, {"max_length", 128}, {"batch_size", 8}});
        const ConfigMerge merge = mergeConfig(before, mine, theirs);
        QCOMPARE(merge.merged.fields().at("threads").number_value(), 2.0);
        QCOMPARE(merge.merged.fields().at("instances").number_value(), 3.0);
        QCOMPARE(merge.merged.fields().at("batch_size").number_value(), 8.0);
        QVERIFY(!merge.merged.fields().contains("max_length")); // taken out here, left alone there
        QCOMPARE(merge.both, std::vector<std::string>{"threads"});
    }

    void theWorkersWordsAreFoundInTheLog() {
        const std::vector<std::string> log{
            "2026-11-22T01:06:13.042Z debug: worker says model=org/one@main pid=7 line=\"it said \\\"no\\\"\"",
            "2026-11-22T01:06:13.043Z debug: worker says model=org/other@main pid=8 line=nothing",
            "2026-11-22T01:06:13.044Z info: model loaded model=org/one@main",
            R"({"time":"2026-11-22T01:06:14.000Z","level":"debug","event":"worker says","model":"org/one@main","pid":7,"line":"more"})"};
        const QStringList lines = workerLines(log, "org/one");
        QCOMPARE(lines.size(), 2);
        QVERIFY2(lines[0].endsWith(QLatin1String("  7  it said \"no\"")), qPrintable(lines[0]));
        QVERIFY2(lines[1].endsWith(QLatin1String("  7  more")), qPrintable(lines[1]));
        QCOMPARE(newOf(lines.first(1), lines), lines.last(1));
        QCOMPARE(newOf(lines, lines), QStringList());
        QCOMPARE(newOf({}, lines), lines);
    }

    void whoWaitsForRoomIsNotSimplyUnloaded() {
        v1::QueueReport queue;
        auto* waits = queue.add_models();
        waits->set_model_id("org/one");
        waits->set_waiting(3);
        waits->set_reason("waits for 512 MB on cpu");
        const ModelRow row = rowsOf({{model("org/one")}, nullptr, &queue, {}, kNow}).front();
        QCOMPARE(row.condition, Condition::Waiting);
        QCOMPARE(row.waiting, 3);
        QCOMPARE(row.detail, QStringLiteral("waits for 512 MB on cpu"));
    }

    void whatWasLearnedOfAnUnloadedModelDoesNotLoadIt() {
        std::map<std::string, Learned> learned;
        learned["org/one"].status = status("org/one", v1::MODEL_STATE_LOADED);
        learned["org/one"].predictedBytes = 1'400'000'000;
        const v1::SystemStatus none;
        const ModelRow row = rowsOf({{model("org/one")}, &none, nullptr, learned, kNow}).front();
        QCOMPARE(row.condition, Condition::Unloaded);
        QCOMPARE(row.predictedBytes, std::int64_t{1'400'000'000});
    }

    void modelsOfTheSameNameAreToldApart() {
        const auto rows = rowsOf({{model("a/same"), model("b/same"), model("b/other")}, nullptr, nullptr, {}, kNow});
        QCOMPARE(rows[0].name, QStringLiteral("a/same"));
        QCOMPARE(rows[1].name, QStringLiteral("other"));
        QCOMPARE(rows[2].name, QStringLiteral("b/same"));
    }

    void theTableChangesInPlace() {
        Theme theme;
        ModelTable table(theme);
        ModelSort sort;
        sort.setSourceModel(&table);
        const QAbstractItemModelTester tester(&table);
        const auto rows = [](std::initializer_list<const char*> ids) {
            std::vector<v1::Model> all;
            for (const char* id : ids)
                all.push_back(model(id));
            return rowsOf({all, nullptr, nullptr, {}, kNow});
        };
        table.show(rows({"o/b", "o/d"}));
        const QPersistentModelIndex kept = table.index(1, 0);
        const QSignalSpy reset(&table, &QAbstractItemModel::modelReset);
        table.show(rows({"o/a", "o/c", "o/d", "o/e"}));
        QCOMPARE(table.rowCount(), 4);
        QCOMPARE(kept.row(), 2);
        QVERIFY(reset.isEmpty());
        const QSignalSpy changed(&table, &QAbstractItemModel::dataChanged);
        table.show(rows({"o/a", "o/c", "o/d", "o/e"}));
        QVERIFY(changed.isEmpty());
        sort.setWords(QStringLiteral("o/c embed"));
        QCOMPARE(sort.rowCount(), 1);
        sort.setWords(QStringLiteral("nobody"));
        QCOMPARE(sort.rowCount(), 0);
    }

    void aPlanIsSaidWithItsArithmetic() {
        v1::LoadPlan plan;
        plan.set_possible(true);
        plan.set_explanation("it does not fit");
        auto* need = plan.add_devices();
        need->set_device("cpu");
        need->set_needed_bytes(3'430'000'000);
        need->set_free_bytes(1'920'000'000);
        need->set_budget_bytes(21'100'000'000);
        auto* goes = plan.add_evictions();
        goes->set_model_id("laion/clip");
        goes->set_freed_bytes(2'570'000'000);
        goes->set_reason("idle for 4 min");
        PlanText told = describe(plan);
        QCOMPARE(told.button, QStringLiteral("Evict and load"));
        QVERIFY(told.canLoad && told.needsForce);
        QCOMPARE(told.lines[2].value, QStringLiteral("1.51 GB"));
        QCOMPARE(told.lines[3].note, QStringLiteral("laion/clip – idle for 4 min"));

        v1::MemoryLedger ledger;
        auto* device = ledger.add_devices();
        device->set_device("cpu");
        device->set_total_bytes(23'400'000'000);
        device->set_committed_bytes(10'000'000'000);
        device->set_other_programs_bytes(5'000'000'000);
        device->set_effective_budget_bytes(11'920'000'000);
        const PlanBar bar = barOf(plan, ledger);
        QCOMPARE(bar.staying, std::int64_t{7'430'000'000});
        // It crosses the line by just as much as there is too little.
        QCOMPARE(bar.staying + bar.leaving + bar.other + bar.needed - bar.limit, std::int64_t{1'510'000'000});

        plan.clear_evictions();
        plan.set_possible(false);
        told = describe(plan);
        QVERIFY(!told.canLoad);
        QCOMPARE(told.headline, QStringLiteral("it does not fit"));
        QVERIFY(!told.todo.isEmpty());
        QCOMPARE(commandOf("org/one", true, 2, true),
                 QStringLiteral("modelmora load org/one --force --instances 2 --pin"));
    }

    void theMedianIsOfThoseThatCompleted() {
        google::protobuf::RepeatedPtrField<v1::QueueEntry> requests;
        for (const double ms : {1.0, 9.0, 2.0}) {
            auto* request = requests.Add();
            request->set_state(v1::REQUEST_STATE_COMPLETED);
            request->mutable_metadata()->set_compute_ms(ms);
            request->mutable_metadata()->set_total_time_ms(ms * 2);
        }
        requests.Add()->set_state(v1::REQUEST_STATE_FAILED);
        const RequestTimes times = timesOf(requests);
        QCOMPARE(times.requests, 3);
        QCOMPARE(times.median.stages[4], 2.0);
        QCOMPARE(times.median.total, 4.0);
    }

    void aFolderTellsWhatItHolds() {
        const QTemporaryDir home;
        const QString folder = home.filePath(QStringLiteral("hub/models--org--re--po/snapshots/abc"));
        write(folder + QStringLiteral("/config.json"), R"({"model_type":"bert","architectures":["BertModel"]})");
        write(folder + QStringLiteral("/model.safetensors"), weights());
        const FolderFacts facts = inspectFolder(folder);
        QCOMPARE(facts.suggestedId, QStringLiteral("org/re--po"));
        QCOMPARE(facts.parameters, std::int64_t{6});
        QCOMPARE(facts.dtype, QStringLiteral("F32"));
        QVERIFY(facts.task == v1::TASK_TYPE_TXT2EMBED);
        QVERIFY2(facts.problems.isEmpty(), qPrintable(facts.problems.join(QLatin1Char('\n'))));
        const auto cached = listHubCache(home.filePath(QStringLiteral("hub")));
        QCOMPARE(cached.size(), std::size_t{1});
        QCOMPARE(cached.front().id, QStringLiteral("org/re--po"));
    }

    void aDamagedFolderIsSaidAndNotBelieved() {
        const QTemporaryDir home;
        QVERIFY(!inspectFolder(home.filePath(QStringLiteral("nowhere"))).problems.isEmpty());
        write(home.filePath(QStringLiteral("config.json")), "{");
        write(home.filePath(QStringLiteral("model.safetensors")), QByteArray(64, '\xff'));
        const FolderFacts facts = inspectFolder(home.path());
        QCOMPARE(facts.problems.size(), 2);
        QCOMPARE(facts.parameters, std::int64_t{0});
    }
};

QTEST_GUILESS_MAIN(TestModelsPage)
#include "test_models_page.moc"
