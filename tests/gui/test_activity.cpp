// The activity page shows what the engine remembers and what happens now, finds in it, and opens what it is about.
#include "gui/pages/activity/record_table.h"
#include "tests/support/console_house.h"

#include <QCheckBox>
#include <QFile>
#include <QFileDialog>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QtTest>

#include <csignal>

using namespace mm::gui;
using mm::test::ConsoleHouse;

namespace {

void takePicture(ConsoleHouse& house, const QString& name) {
    if (const QString folder = qEnvironmentVariable("MM_SCREENSHOTS"); !folder.isEmpty()) {
        QTest::qWait(1500);
        house.window->grab().save(folder + QLatin1Char('/') + name + QStringLiteral(".png"));
    }
}

bool hasRow(const QTableView& view, int column, const QString& text) {
    for (int row = 0; row < view.model()->rowCount(); ++row)
        if (view.model()->index(row, column).data().toString().contains(text))
            return true;
    return false;
}

} // namespace

class TestActivity : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rememberedAndNewEventsAreShownAndFound() {
        ConsoleHouse house;
        QVERIFY(house.start());
        QVERIFY(house.registerModel("org/before").ok());
        house.window->open(QStringLiteral("activity"));
        auto* events = house.find<QTableView>("events");
        QVERIFY(events != nullptr);
        const auto isShown = [&](const char* id) {
            return hasRow(*events, RecordTable::About, QString::fromLatin1(id));
        };
        QVERIFY(ConsoleHouse::until([&] { return isShown("org/before"); }));
        QVERIFY(house.registerModel("org/after").ok());
        QVERIFY(ConsoleHouse::until([&] { return isShown("org/after"); }));
        takePicture(house, QStringLiteral("activity"));
        house.window->open(QStringLiteral("activity"), QStringLiteral("registered after"));
        QVERIFY(ConsoleHouse::until([&] { return !isShown("org/before") && isShown("org/after"); }));
    }

    void linksAreOpenedAndWhatIsShownIsSaved() {
        ConsoleHouse house;
        QVERIFY(house.start());
        QVERIFY(house.registerModel("org/model").ok());
        v1::InferenceRequest request;
        request.set_model_id("org/model");
        request.mutable_input_data()->mutable_text_batch()->add_texts("a text");
        const auto job = house.ask(&InferenceCalls::InferAsync, request);
        QVERIFY(job.ok());
        house.window->open(QStringLiteral("activity"));
        auto* events = house.find<QTableView>("events");
        const auto rowOf = [&](const QString& what) {
            for (int row = 0; row < events->model()->rowCount(); ++row)
                if (events->model()->index(row, RecordTable::What).data().toString() == what)
                    return row;
            return -1;
        };
        QVERIFY(ConsoleHouse::until([&] { return rowOf(QStringLiteral("job.completed")) >= 0; }));
        QCOMPARE(rowOf(QStringLiteral("load.progress")), -1); // not before they are asked for
        // By mouse, to the model; by keyboard, to the job.
        const auto cellOf = [&](const QString& what) {
            const QModelIndex cell = events->model()->index(rowOf(what), RecordTable::Text);
            events->scrollTo(cell);
            return cell;
        };
        const QModelIndex model = cellOf(QStringLiteral("model.registered"));
        const QPoint at = events->visualRect(model).center();
        QTest::mouseClick(events->viewport(), Qt::LeftButton, {}, at);
        QTest::mouseDClick(events->viewport(), Qt::LeftButton, {}, at);
        const auto pageOf = [&](const char* name) { return house.window->findChild<QWidget*>(QLatin1String(name)); };
        QVERIFY(!events->isVisible());
        house.window->open(QStringLiteral("activity"));
        events->setFocus();
        events->setCurrentIndex(cellOf(QStringLiteral("job.completed")));
        QTest::keyClick(events, Qt::Key_Return);
        auto* jobs = qobject_cast<QTableView*>(pageOf("jobs"));
        QVERIFY(ConsoleHouse::until(
            [&] { return jobs->isVisible() && !jobs->selectionModel()->selectedRows().isEmpty(); }));
        // Filtered by topic and words, and saved as it is shown.
        house.window->open(QStringLiteral("activity"), QStringLiteral("completed"));
        QVERIFY(ConsoleHouse::until([&] { return events->model()->rowCount() == 1; }));
        events->setFocus();
        QTest::keyClick(events, Qt::Key_S, Qt::ControlModifier);
        auto* dialog = house.window->findChild<QFileDialog*>();
        QVERIFY(dialog != nullptr);
        const QString path = house.data.filePath(QStringLiteral("events.tsv"));
        dialog->selectFile(path);
        QMetaObject::invokeMethod(dialog, "accept");
        QVERIFY(ConsoleHouse::until([&] { return QFile::exists(path); }));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QString saved = QString::fromUtf8(file.readAll());
        QCOMPARE(saved.count(QLatin1Char('\n')), 1);
        QVERIFY(saved.contains(QStringLiteral("job.completed\t")));
        // The steps of loads come where they are wanted.
        house.window->open(QStringLiteral("activity"), QStringLiteral("load.progress"));
        QVERIFY(ConsoleHouse::until([&] { return events->model()->rowCount() == 0; }));
        house.find<QCheckBox>("small-steps")->click();
        QVERIFY(ConsoleHouse::until([&] { return events->model()->rowCount() > 0; }));
    }

    void whatWorkersPrintIsFollowedAtTheLevelDebugOnly() {
        ConsoleHouse house;
        QVERIFY(house.start());
        QVERIFY(house.registerModel("org/model").ok());
        house.window->open(QStringLiteral("activity"), QStringLiteral("worker:org/model"));
        const auto level = [&] { return house.ask(&ObservabilityCalls::GetLogLevel, {})->level(); };
        const std::string before = level();
        QVERIFY(before != "debug");
        auto* follow = house.find<QCheckBox>("follow-output");
        QTest::keyClick(follow, Qt::Key_Space);
        QVERIFY(ConsoleHouse::until([&] { return level() == "debug"; }));
        QVERIFY(house.find<QPlainTextEdit>("live-output")->isVisible());
        house.window->open(QStringLiteral("overview")); // nobody looks any more
        QVERIFY(ConsoleHouse::until([&] { return level() == before; }));
        QVERIFY(!follow->isChecked());
    }

    void logAuditAndTheLastWordsOfAWorkerAreThere() {
        ConsoleHouse house;
        QVERIFY(house.start());
        QVERIFY(house.registerModel("org/model").ok());
        v1::LoadModelRequest load;
        load.set_model_id("org/model");
        const auto loaded = house.ask(&ManagementCalls::LoadModel, load);
        QVERIFY(loaded.ok());
        house.window->open(QStringLiteral("activity"));
        auto* tabs = house.find<QTabWidget>("activity");
        QVERIFY(tabs != nullptr);
        tabs->setCurrentIndex(1);
        auto* log = house.find<QTableView>("log");
        QVERIFY(ConsoleHouse::until([&] { return hasRow(*log, RecordTable::Text, QStringLiteral("org/model")); }));
        takePicture(house, QStringLiteral("activity-log"));
        tabs->setCurrentIndex(3);
        auto* audit = house.find<QTableView>("audit");
        QVERIFY(ConsoleHouse::until([&] { return hasRow(*audit, RecordTable::What, QStringLiteral("model.load")); }));
        house.find<QPushButton>("verify-audit")->click();
        const auto isWhole = [&] {
            const auto labels = tabs->findChildren<QLabel*>();
            return std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
                return label->text().startsWith(QStringLiteral("The audit is whole"));
            });
        };
        QVERIFY(ConsoleHouse::until(isWhole));
        takePicture(house, QStringLiteral("activity-audit"));
        ::kill(static_cast<pid_t>(loaded->pid()), SIGKILL);
        house.window->open(QStringLiteral("activity"), QStringLiteral("worker:org/model"));
        QCOMPARE(tabs->currentIndex(), 2);
        auto* output = house.find<QPlainTextEdit>("worker-output");
        QVERIFY(ConsoleHouse::until([&] { return output->toPlainText().contains(QStringLiteral("SIGKILL")); }));
        takePicture(house, QStringLiteral("activity-worker"));
    }
};

QTEST_MAIN(TestActivity)
#include "test_activity.moc"
