// The overview tells what a real engine holds, how a worker dies, and stays quick whatever happens.
#include "gui/pages/overview/memory_picture.h"
#include "tests/support/console_house.h"

#include <QLabel>
#include <QTableView>
#include <QtTest>

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

} // namespace

class TestOverview : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theMemoryCardAgreesWithTheLedger() {
        ConsoleHouse house;
        QVERIFY(house.start());
        QVERIFY(house.registerModel("org/model").ok());
        v1::LoadModelRequest load;
        load.set_model_id("org/model");
        QVERIFY(house.ask(&ManagementCalls::LoadModel, load).ok());
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
        takePicture(house, QStringLiteral("overview"));
        house.theme.apply(Shade::Dark);
        takePicture(house, QStringLiteral("overview-dark"));
    }
};

QTEST_MAIN(TestOverview)
#include "test_overview.moc"
