// The overview tells what a real engine holds and how it went, how a worker dies, and stays quick whatever happens.
#include "gui/pages/overview/history/history_panel.h"
#include "gui/pages/overview/loaded_table.h"
#include "gui/pages/overview/memory_picture.h"
#include "gui/widgets/charts/time_chart.h"
#include "tests/support/console_house.h"

#include <QAction>
#include <QChart>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QLabel>
#include <QLibrary>
#include <QLineSeries>
#include <QListView>
#include <QTableView>
#include <QToolButton>
#include <QtTest>

#include <csignal>
#include <ctime>

using namespace mm::gui;
using mm::test::ConsoleHouse;

namespace {

// Pictures of the window go there; for whoever wants to look.
void takePicture(ConsoleHouse& house, const QString& name) {
    if (const QString folder = qEnvironmentVariable("MM_SCREENSHOTS"); !folder.isEmpty()) {
        QTest::qWait(1500);
        house.window->grab().save(folder + QLatin1Char('/') + name + QStringLiteral(".png"));
    }
}

// How long the GUI thread computed at a stretch, and how long the window stood still, which is more on a busy machine.
class Heartbeat : public QObject {
public:
    Heartbeat() {
        m_wall.start();
        m_cpu = cpuMs();
        startTimer(1, Qt::PreciseTimer);
    }
    double longestCpuMs = 0;
    double longestMs = 0;
    double allCpuMs = 0;

protected:
    void timerEvent(QTimerEvent*) override {
        const double cpu = cpuMs();
        longestCpuMs = std::max(longestCpuMs, cpu - m_cpu);
        allCpuMs += cpu - m_cpu;
        longestMs = std::max(longestMs, static_cast<double>(m_wall.nsecsElapsed()) / 1e6);
        m_cpu = cpu;
        m_wall.restart();
    }

private:
    static double cpuMs() {
        timespec time{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    }
    QElapsedTimer m_wall;
    double m_cpu = 0;
};

void load(ConsoleHouse& house, const std::string& id) {
    QVERIFY(house.registerModel(id).ok());
    v1::LoadModelRequest request;
    request.set_model_id(id);
    QVERIFY(house.ask(&ManagementCalls::LoadModel, request).ok());
}

// Some requests, so that there is something to draw.
void infer(ConsoleHouse& house, const std::string& id, int count) {
    v1::InferenceRequest request;
    request.set_model_id(id);
    request.mutable_input_data()->set_text("What was said is what was meant.");
    int left = count;
    for (int i = 0; i < count; ++i)
        house.link.call(&InferenceCalls::Infer, request, house.window.get(),
                        [&left](const mm::Result<v1::InferenceResponse>&) { --left; });
    QVERIFY(ConsoleHouse::until([&] { return left == 0; }));
}

// For pictures: some models, one pinned, one that crashes, requests that come and wait.
void makeBusy(ConsoleHouse& house) {
    for (const char* id : {"sentence-transformers/all-MiniLM-L6-v2", "org/search-model", "org/reranker"})
        load(house, id);
    v1::SetPinnedRequest pin;
    pin.set_model_id("org/reranker");
    pin.set_pinned(true);
    QVERIFY(house.ask(&ManagementCalls::SetPinned, pin).ok());
    for (int second = 0; second < 40; ++second) {
        infer(house, "org/model", 20 + 10 * (second % 7));
        QTest::qWait(400);
        if (second == 25)
            ::kill(static_cast<pid_t>(house.state.statusOf("org/search-model")->pid()), SIGKILL);
    }
    v1::InferenceRequest request;
    for (int i = 0; i < 200; ++i)
        *request.mutable_input_data()->mutable_text_batch()->add_texts() = std::string(600, 'a') + std::to_string(i);
    request.set_model_id("org/model");
    for (int i = 0; i < 24; ++i) {
        request.set_priority(i == 3 ? v1::PRIORITY_CRITICAL : v1::PRIORITY_LOW);
        house.link.call(&InferenceCalls::Infer, request, house.window.get(),
                        [](const mm::Result<v1::InferenceResponse>&) {});
    }
}

} // namespace

class TestOverview : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aLineThatIsThinnedOutHasNoHoles() {
        mm::gui::Theme theme;
        mm::gui::TimeChart chart(theme, QStringLiteral("Requests"), {{.series = QStringLiteral("rate")}});
        chart.resize(400, 200);
        chart.show();
        mm::gui::Points points;
        constexpr int kPoints = 4000;
        for (int i = 0; i < kPoints; ++i)
            points.emplace_back(i * 1000.0, i % 7);
        chart.setData({{QStringLiteral("rate"), points}}, {0, kPoints * 1000.0}, 1000);
        QCOMPARE(chart.chart()->series().size(), 1);
        const auto* line = qobject_cast<QLineSeries*>(chart.chart()->series().front());
        const auto atFirst = line->count();
        QVERIFY(atFirst < 500);
        chart.resize(1200, 200);
        QVERIFY(line->count() > 2 * atFirst);
        QCOMPARE(chart.chart()->series().size(), 1);
    }

    void theMemoryCardAgreesWithTheLedger() {
        ConsoleHouse house;
        QVERIFY(house.start());
        load(house, "org/model");
        auto* table = house.find<QTableView>("loaded-models");
        auto* bar = house.find<MemoryBar>("memory-bar");
        auto* sentence = house.find<QLabel>("memory-sentence");
        QVERIFY(table != nullptr && bar != nullptr && sentence != nullptr);
        const auto word = [&] { return table->model()->index(0, 1).data().toString(); };
        QVERIFY(
            ConsoleHouse::until([&] { return table->model()->rowCount() == 1 && word() == QStringLiteral("ready"); }));
        QVERIFY(ConsoleHouse::until([&] {
            return !bar->picture().parts.empty() && bar->picture().parts[0].kind == MemoryPart::Kind::Weights;
        }));
        const auto ledger = house.ask(&ManagementCalls::GetMemory, {});
        QVERIFY(ledger.ok());
        std::int64_t shown = 0;
        for (const MemoryPart& part : bar->picture().parts)
            shown += part.model == "org/model" ? part.bytes : 0;
        QCOMPARE(shown, ledger->devices(0).committed_bytes());
        QCOMPARE(bar->picture().totalBytes, ledger->devices(0).total_bytes());
        QVERIFY(sentence->text().contains(QStringLiteral("predicted and measured differ by")));
    }

    void aCrashIsToldAndMarked() {
        ConsoleHouse house;
        QVERIFY(house.start());
        load(house, "org/model");
        QVERIFY(ConsoleHouse::until([&] {
            const v1::ModelStatus* model = house.state.statusOf("org/model");
            return model != nullptr && model->pid() > 0;
        }));
        auto* happened = house.find<QListView>("happened");
        auto* history = house.find<HistoryPanel>("history");
        QVERIFY(happened != nullptr && history != nullptr);
        ::kill(static_cast<pid_t>(house.state.statusOf("org/model")->pid()), SIGKILL);
        QVERIFY(ConsoleHouse::until([&] {
            const auto marks = history->cards().front()->chart()->marks();
            return std::any_of(marks.begin(), marks.end(),
                               [](const ChartMark& each) { return each.role == Role::Bad; });
        }));
        bool isTold = false;
        for (int row = 0; row < happened->model()->rowCount(); ++row)
            isTold |= happened->model()->index(row, 0).data().toString().contains(QStringLiteral("SIGKILL"));
        QVERIFY(isTold);
    }

    void chartsShowWhatTheEngineRemembers() {
        ConsoleHouse house;
        QVERIFY(house.start());
        load(house, "org/model");
        auto* history = house.find<HistoryPanel>("history");
        auto* minute = house.find<QToolButton>("range-0");
        QVERIFY(history != nullptr && minute != nullptr);
        minute->click(); // from what is polled, second by second
        infer(house, "org/model", 200);
        QVERIFY(ConsoleHouse::until([&] {
            const QString csv = history->csv();
            return csv.contains(QStringLiteral("cpu_percent")) && csv.contains(QStringLiteral("waiting_low"));
        }));
        QVERIFY(ConsoleHouse::until([&] { return history->csv().contains(QStringLiteral("latency_p95_ms")); }));
        TimeChart* chart = history->cards().front()->chart();
        QSignalSpy zoomed(chart, &TimeChart::zoomed);
        const QPoint middle = chart->viewport()->rect().center();
        QTest::mousePress(chart->viewport(), Qt::LeftButton, {}, middle - QPoint(60, 0));
        QTest::mouseMove(chart->viewport(), middle + QPoint(60, 0));
        QTest::mouseRelease(chart->viewport(), Qt::LeftButton, {}, middle + QPoint(60, 0));
        QCOMPARE(zoomed.count(), 1);
        QTest::keyClick(chart, Qt::Key_Escape);
        for (int range = 1; range < 5; ++range)
            house.find<QToolButton>(qPrintable(QStringLiteral("range-%1").arg(range)))->click();
        house.find<QToolButton>("range-1")->click();
        if (qEnvironmentVariableIsSet("MM_SCREENSHOTS"))
            makeBusy(house);
        takePicture(house, QStringLiteral("overview"));
        house.theme.apply(Shade::Dark);
        takePicture(house, QStringLiteral("overview-dark"));
    }

    void whoGoesNextFollowsTheEnginesPolicy() {
        ConsoleHouse house({"--eviction-policy", "lfu", "--minimum-stay", "0"});
        QVERIFY(house.start());
        load(house, "org/used-early-and-often");
        load(house, "org/used-late-and-once");
        infer(house, "org/used-early-and-often", 5);
        infer(house, "org/used-late-and-once", 1);
        auto* model = house.find<QTableView>("loaded-models")->model();
        const auto fate = [model](int row) {
            return model->index(row, LoadedTable::WouldGo).data(Qt::AccessibleTextRole).toString();
        };
        QVERIFY(ConsoleHouse::until([&] {
            return model->rowCount() == 2 && fate(1).startsWith(QStringLiteral("number 1: used")) &&
                   fate(0).startsWith(QStringLiteral("number 2: used"));
        }));
        QVERIFY(model->headerData(LoadedTable::WouldGo, Qt::Horizontal, Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("lfu")));
        v1::SetPinnedRequest pin;
        pin.set_model_id("org/used-late-and-once");
        pin.set_pinned(true);
        QVERIFY(house.ask(&ManagementCalls::SetPinned, pin).ok());
        QVERIFY(ConsoleHouse::until([&] { return fate(1) == QStringLiteral("never: pinned"); }));
    }

    void chartsArePointedAtZoomedPausedAndSaved() {
        ConsoleHouse house;
        QVERIFY(house.start());
        load(house, "org/model");
        auto* history = house.find<HistoryPanel>("history");
        house.find<QToolButton>("range-0")->click();
        const auto rows = [history] { return history->csv().count(QLatin1Char('\n')); };
        QVERIFY(ConsoleHouse::until([&] { return rows() >= 4; }));
        // The values under the mouse, in the chart and in words.
        TimeChart* machine = history->cards()[1]->chart();
        const auto told = [machine](int x) {
            QTest::mouseMove(machine->viewport(), {x, machine->viewport()->height() / 2});
            return machine->accessibleDescription();
        };
        const auto tellsCpu = [&] {
            for (int x = machine->viewport()->width() - 14; x > 70; x -= 5)
                if (told(x).contains(QStringLiteral("CPU")))
                    return true;
            return false;
        };
        QVERIFY(ConsoleHouse::until(tellsCpu));
        // By the keyboard too.
        QTest::keyClick(machine, Qt::Key_Left);
        QVERIFY(!machine->accessibleDescription().isEmpty());
        // A dragged stretch is what is seen and saved, in all charts; double click brings the whole back.
        auto* whole = house.find<QToolButton>("whole-range");
        QWidget* const area = machine->viewport();
        const int right = area->width() - 20;
        QTest::mousePress(area, Qt::LeftButton, {}, {right - 150, 60});
        QTest::mouseMove(area, {right, 60});
        QTest::mouseRelease(area, Qt::LeftButton, {}, {right, 60});
        QVERIFY(whole->isVisible());
        const QString zoomed = history->csv();
        QTest::mouseDClick(area, Qt::LeftButton, {}, {right, 60});
        QVERIFY(!whole->isVisible());
        QVERIFY(history->csv().size() >= zoomed.size());
        // Paused, it stands still while the engine goes on.
        auto* pause = house.find<QToolButton>("pause-charts");
        pause->click();
        const QString paused = history->csv();
        QSignalSpy polled(&house.state, &EngineState::statusChanged);
        QVERIFY(ConsoleHouse::until([&] { return polled.count() >= 3; }));
        QCOMPARE(history->csv(), paused);
        pause->click();
        QVERIFY(ConsoleHouse::until([&] { return history->csv() != paused; }));
    }

    void chartsAreSavedAsTheyAreSeen() {
        ConsoleHouse house;
        QVERIFY(house.start());
        auto* history = house.find<HistoryPanel>("history");
        house.find<QToolButton>("range-0")->click();
        QVERIFY(ConsoleHouse::until([&] { return history->csv().count(QLatin1Char('\n')) >= 4; }));
        house.find<QToolButton>("pause-charts")->click();
        const auto save = [&](const char* ending) {
            const QString path = house.data.filePath(QStringLiteral("charts.") + QLatin1String(ending));
            const auto items = history->findChildren<QAction*>(QLatin1String("save-") + QLatin1String(ending));
            if (items.isEmpty())
                return QString();
            items.front()->trigger();
            auto* dialog = history->findChild<QFileDialog*>();
            dialog->selectFile(path);
            QMetaObject::invokeMethod(dialog, "accept");
            return path;
        };
        const QString table = save("csv");
        QVERIFY(ConsoleHouse::until([&] { return QFile::exists(table); }));
        QFile file(table);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(QString::fromUtf8(file.readAll()), history->csv());
        QVERIFY(ConsoleHouse::until([&] { return history->findChild<QFileDialog*>() == nullptr; }));
        const QString picture = save("png");
        QVERIFY(ConsoleHouse::until([&] { return QFile::exists(picture); }));
        QCOMPARE(QImage(picture).size(), history->grab().size());
    }

    void gpusHaveTheirChartsWhereThereAreAny() {
        QLibrary driver(QStringLiteral(MM_FAKE_NVML_LIBRARY));
        QVERIFY(driver.load());
        ConsoleHouse house;
        QVERIFY(house.start());
        auto* history = house.find<HistoryPanel>("history");
        ChartCard* gpu = history->cards()[history->cards().size() - 2];
        ChartCard* heat = history->cards().back();
        QVERIFY(!heat->isVisible());
        // An engine that ends in order writes what it saw; the next one has it at once.
        const auto starts = [&house] { return house.link.state() == EngineLink::State::Connected; };
        house.engine->stop();
        QVERIFY(ConsoleHouse::until([&] { return !starts() && !house.engine->isRunning(); }));
        house.startEngine();
        QVERIFY(ConsoleHouse::until(starts));
        QVERIFY(ConsoleHouse::until([&] { return gpu->isVisible() && heat->isVisible(); }));
        const QString csv = history->csv();
        for (const char* name : {"gpu_percent", "gpu_memory_percent", "gpu_celsius", "gpu_watts"})
            QVERIFY2(csv.contains(QLatin1String(name)), name);
        QVERIFY2(csv.contains(QStringLiteral("125.5")) && csv.contains(QStringLiteral("61")), qPrintable(csv));
        driver.unload();
    }

    void manyEventsDoNotHoldTheWindowUp() {
        ConsoleHouse house;
        QVERIFY(house.start());
        load(house, "org/model");
        int told = 0;
        connect(&house.events, &EventFeed::happened, this,
                [&told](const std::vector<v1::Event>& events) { told += static_cast<int>(events.size()); });
        bool isPinned = false;
        QTimer flood; // two hundred a second
        connect(&flood, &QTimer::timeout, this, [&] {
            v1::SetPinnedRequest request;
            request.set_model_id("org/model");
            request.set_pinned(isPinned = !isPinned);
            house.link.call(&ManagementCalls::SetPinned, request, this, [](const mm::Result<v1::ModelStatus>&) {});
        });
        Heartbeat heart;
        flood.start(5);
        QVERIFY(ConsoleHouse::until([&] { return told >= 1'000; }));
        flood.stop();
        qInfo("%d events: the GUI thread computed for %.1f ms at most at a stretch and stood for %.1f ms at most; "
              "%.0f ms of computing in all",
              told, heart.longestCpuMs, heart.longestMs, heart.allCpuMs);
        QVERIFY2(heart.longestCpuMs < 50, "the GUI thread computed for 50 ms at a stretch");
    }
};

QTEST_MAIN(TestOverview)
#include "test_overview.moc"
