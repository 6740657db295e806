// The console in the tray, with a real engine: the icon's state follows it, what has broken is told while nobody looks
// at the window, and a click opens its page.
#include "gui/shell/leaving/tray.h"
#include "tests/support/models_hand.h"

#include <QtTest>

#include <csignal>
#include <optional>

using mm::gui::HealthLevel;
using mm::test::ConsoleHouse;
using mm::test::ModelsHand;
namespace v1 = modelmora::v1;

namespace {

// A desktop has its own; the display of tests has none.
class FakeFace : public mm::gui::TrayFace {
public:
    void begin(QMenu& menu) override { m_menu = &menu; }
    void showState(HealthLevel now, const QString& sentence) override {
        level = now;
        tip = sentence;
    }
    void notify(const QString& title, const QString& text) override {
        titles << title;
        texts << text;
    }
    void choose(const QString& line) {
        for (QAction* action : m_menu->actions())
            if (action->text() == line)
                action->trigger();
    }

    HealthLevel level = HealthLevel::Unknown;
    QString tip;
    QStringList titles;
    QStringList texts;

private:
    QMenu* m_menu = nullptr;
};

struct TrayHouse {
    bool start() {
        if (!house.start())
            return false;
        auto made = std::make_unique<FakeFace>();
        face = made.get();
        tray = std::make_unique<mm::gui::Tray>(*house.window, house.window->health(), std::move(made));
        QObject::connect(tray.get(), &mm::gui::Tray::pageWanted, house.window.get(), &mm::gui::MainWindow::open);
        return ConsoleHouse::until([this] { return face->level == HealthLevel::Good; });
    }
    void kill(const char* model) {
        v1::LoadModelRequest load;
        load.set_model_id(model);
        QVERIFY(house.ask(&mm::gui::ManagementCalls::LoadModel, load).ok());
        v1::GetModelStatusRequest which;
        which.set_model_id(model);
        const auto status = house.ask(&mm::gui::ManagementCalls::GetModelStatus, which);
        QVERIFY(status.ok() && status->pid() > 0);
        QCOMPARE(::kill(static_cast<pid_t>(status->pid()), SIGKILL), 0);
    }

    ConsoleHouse house;
    FakeFace* face = nullptr;
    std::unique_ptr<mm::gui::Tray> tray;
};

} // namespace

class TestTray : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aCrashIsToldAndItsClickOpensTheModel() {
        TrayHouse tray;
        QVERIFY(tray.start());
        ConsoleHouse& house = tray.house;
        QVERIFY(house.registerModel("org/embedder").ok());
        QVERIFY(ConsoleHouse::until([&] { return house.state.models()->size() == 1; }));
        house.window->open(QStringLiteral("queue"));
        house.window->hide(); // it goes on serving in the tray
        tray.kill("org/embedder");
        QVERIFY(ConsoleHouse::until([&] { return tray.face->level == HealthLevel::Bad; }));
        QVERIFY(ConsoleHouse::until([&] { return tray.face->titles.size() == 1; }));
        QVERIFY2(tray.face->titles.front().contains(QLatin1String("embedder")), qPrintable(tray.face->titles.front()));
        QVERIFY2(tray.face->texts.front().contains(QLatin1String("SIGKILL")), qPrintable(tray.face->texts.front()));
        QVERIFY(tray.face->tip.startsWith(house.window->health().report().sentence));

        Q_EMIT tray.face->noticeClicked();
        QVERIFY(house.window->isVisible());
        QCOMPARE(house.window->currentPage(), QStringLiteral("models"));
        const ModelsHand hand{house};
        QVERIFY(ConsoleHouse::until([&] { return hand.table()->currentIndex().isValid(); }));

        // It is loaded again: the icon says so, and nothing more is told.
        v1::LoadModelRequest load;
        load.set_model_id("org/embedder");
        QVERIFY(house.ask(&mm::gui::ManagementCalls::LoadModel, load).ok());
        QVERIFY(ConsoleHouse::until([&] { return tray.face->level == HealthLevel::Good; }));
        QCOMPARE(tray.face->titles.size(), 1);
    }

    void theMenuOpensTheWindowAndStops() {
        TrayHouse tray;
        QVERIFY(tray.start());
        tray.house.window->hide();
        tray.face->choose(QStringLiteral("Open ModelMora"));
        QVERIFY(tray.house.window->isVisible());
        tray.house.window->showMinimized();
        Q_EMIT tray.face->clicked();
        QVERIFY(!tray.house.window->isMinimized());
        QSignalSpy stop(tray.tray.get(), &mm::gui::Tray::stopWanted);
        tray.face->choose(QStringLiteral("Stop and quit"));
        QCOMPARE(stop.size(), 1);
    }

    void eachStateHasItsOwnPicture() {
        const mm::gui::Theme theme;
        const auto picture = [&](HealthLevel level) {
            return mm::gui::consoleIcon(theme, level).pixmap(22, 22).toImage();
        };
        QVERIFY(picture(HealthLevel::Good) != picture(HealthLevel::Bad));
        QVERIFY(picture(HealthLevel::Attention) != picture(HealthLevel::Bad));
        QVERIFY(picture(HealthLevel::Attention) != picture(HealthLevel::Good));
    }
};

QTEST_MAIN(TestTray)
#include "test_tray.moc"
