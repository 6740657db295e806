// The pure parts around a worker: exit reports, captured output, environment, progress, the run frame.
#include "engine/ipc/frame.h"
#include "engine/lifecycle/link/run_frame.h"
#include "engine/lifecycle/policy/load_progress.h"
#include "engine/lifecycle/worker/exit_report.h"
#include "engine/lifecycle/worker/oom_kills.h"
#include "engine/lifecycle/worker/output_tail.h"
#include "engine/lifecycle/worker/worker_environment.h"
#include "modelmora/worker/v1/worker.pb.h"

#include <QTest>

#include <csignal>

using namespace mm::lifecycle;

class TestWorkerParts : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void anExitReportNamesSignalStageAndLastLines();
    void anExitReportTellsWantOfMemoryFromAKill();
    void theKernelsKillsAreCountedWhereItTells();
    void anExitCodeIsReportedAsOne();
    void theTailKeepsTheLastLinesAndNoMore();
    void theTailMakesHostileBytesHarmless();
    void onlyAllowedVariablesReachAWorker();
    void progressNeverFalls();
    void theRunFrameIsWhatProtobufWouldWrite();
};

void TestWorkerParts::anExitReportNamesSignalStageAndLastLines() {
    const mm::Error error = toError({"org/m@1", "weights", true, SIGKILL, {"first", "reading layer 7"}, {}});
    QCOMPARE(error.code, mm::ErrorCode::ModelLoadFailed);
    QCOMPARE(std::get<std::string>(error.facts.at("signal")), std::string("SIGKILL"));
    QCOMPARE(std::get<std::string>(error.facts.at("stage")), std::string("weights"));
    QCOMPARE(std::get<std::vector<std::string>>(error.facts.at("last_lines")).size(), std::size_t(2));
    QVERIFY(error.message.find("out of memory") != std::string::npos);
    QVERIFY(error.message.find("reading layer 7") != std::string::npos);
}

void TestWorkerParts::anExitReportTellsWantOfMemoryFromAKill() {
    const auto report = [](int signal, std::optional<bool> outOfMemory, std::vector<std::string> lines = {}) {
        return toError({"org/m@1", "running", true, signal, std::move(lines), outOfMemory});
    };
    const mm::Error killed = report(SIGKILL, false);
    QVERIFY(killed.message.find("someone outside the engine killed it") != std::string::npos);
    QVERIFY(!killed.facts.contains("out_of_memory"));
    const mm::Error chosen = report(SIGKILL, true);
    QVERIFY(chosen.message.find("its kernel chose this worker") != std::string::npos);
    QVERIFY(std::get<bool>(chosen.facts.at("out_of_memory")));
    const mm::Error aborted = report(SIGABRT, {}, {"memory allocation of 1048576 bytes failed"});
    QVERIFY(std::get<bool>(aborted.facts.at("out_of_memory")));
    QVERIFY(!report(SIGABRT, {}, {"assertion failed"}).facts.contains("out_of_memory"));
}

void TestWorkerParts::theKernelsKillsAreCountedWhereItTells() {
    QCOMPARE(counterIn("low 0\noom 4\noom_kill 3\noom_group_kill 9\n", "oom_kill").value(), std::int64_t(3));
    QVERIFY(!counterIn("oom 4\noom_kill_disable 0", "oom_kill"));
    QVERIFY(!counterIn("oom_kill many", "oom_kill"));
    QVERIFY(!counterIn("oom_kill", "oom_kill"));
    QCOMPARE(unifiedGroup("9:name=systemd:/\n0::/system.slice/engine\n"), std::string_view("/system.slice/engine"));
    QVERIFY(unifiedGroup("9:name=systemd:/\n").empty());
}

void TestWorkerParts::anExitCodeIsReportedAsOne() {
    const mm::Error error = toError({"org/m@1", "running", false, 3, {}, {}});
    QCOMPARE(error.code, mm::ErrorCode::WorkerCrashed);
    QCOMPARE(std::get<std::int64_t>(error.facts.at("exit_code")), std::int64_t(3));
    QVERIFY(!error.facts.contains("signal"));
}

void TestWorkerParts::theTailKeepsTheLastLinesAndNoMore() {
    int heard = 0;
    OutputTail tail([&](const std::string&) { ++heard; });
    for (int i = 0; i < 1000; ++i)
        tail.append("line " + std::to_string(i) + "\n");
    tail.append("the end");
    tail.finish();
    const auto lines = tail.lines();
    QCOMPARE(lines.size(), OutputTail::kLines);
    QCOMPARE(lines.back(), std::string("the end"));
    QCOMPARE(lines.front(), std::string("line 961"));
    QCOMPARE(heard, 1001);
}

void TestWorkerParts::theTailMakesHostileBytesHarmless() {
    OutputTail tail([](const std::string&) {});
    for (int i = 0; i < 10'000; ++i)
        tail.append("no newline ever ");
    tail.append("\nesc\x1b[2J \xff\xfe\r\n\n\n");
    const auto lines = tail.lines();
    QCOMPARE(lines.size(), std::size_t(2));
    QVERIFY(lines[0].size() <= OutputTail::kLineBytes + 3);
    QVERIFY(lines[1].find('\x1b') == std::string::npos);
    QVERIFY(QString::fromStdString(lines[1]).contains(QChar(0xFFFD)));
}

void TestWorkerParts::onlyAllowedVariablesReachAWorker() {
    QProcessEnvironment engine;
    for (const char* name : {"PATH", "LC_ALL", "OMP_NUM_THREADS", "MM_WORKER_X", "HF_TOKEN", "AWS_SECRET_ACCESS_KEY",
                             "MODELMORA_API_KEY", "LD_PRELOAD", "HOME"})
        engine.insert(QString::fromLatin1(name), QStringLiteral("value"));
    QStringList names = workerEnvironment(engine).keys();
    names.sort();
    QCOMPARE(names.join(QLatin1Char(' ')), QStringLiteral("CUDA_DEVICE_ORDER LC_ALL MM_WORKER_X OMP_NUM_THREADS PATH"));
}

void TestWorkerParts::progressNeverFalls() {
    QCOMPARE(overallPercent("spawn", 0, 0, 0), 0.0);
    QCOMPARE(overallPercent("weights", 5, 10, 10), 30.0);
    QCOMPARE(overallPercent("files", 0, 1, 30), 30.0);
    QCOMPARE(overallPercent("invented", 1, 1, 30), 30.0);
    QCOMPARE(overallPercent("warmup", 700, 7, 0), 100.0);
    QCOMPARE(overallPercent("warmup", -5, 7, 0), 85.0);
}

void TestWorkerParts::theRunFrameIsWhatProtobufWouldWrite() {
    namespace wv1 = modelmora::worker::v1;
    for (const std::size_t length :
         {std::size_t(0), std::size_t(1), std::size_t(127), std::size_t(128), std::size_t(20'000)}) {
        for (const std::uint64_t id : {std::uint64_t(1), std::uint64_t(300), ~std::uint64_t(0)}) {
            modelmora::v1::InferenceRequest request;
            request.mutable_input_data()->set_text(std::string(length, 'x'));
            wv1::EngineFrame frame;
            frame.mutable_run()->add_items()->set_id(id);
            *frame.mutable_run()->mutable_items(0)->mutable_request() = request;
            std::string expected = "before";
            QVERIFY(mm::ipc::appendFrame(frame, expected).ok());
            std::string written = "before";
            QVERIFY(appendRunFrame(id, request, written).ok());
            QVERIFY(written == expected);
        }
    }
}

QTEST_APPLESS_MAIN(TestWorkerParts)
#include "test_worker_parts.moc"
