// The activity page shows what the engine remembers and what happens now, finds in it, and opens what it is about.
#include "gui/pages/activity/record_table.h"
#include "tests/support/console_house.h"

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
