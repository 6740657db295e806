// The window around the pages: engines that vanish, refuse or are offered, what needs a decision, leaving, the palette,
// the first model, and a GUI thread that is never held up.
#include "gui/embedded/command_line.h"
#include "gui/shell/header/health_watch.h"
#include "gui/shell/leaving/leaving.h"
#include "tests/support/console_house.h"
#include "tests/support/gui_watchdog.h"
#include "tests/support/test_certificates.h"

#include <QDialog>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QtTest>

using mm::gui::EngineLink;
using mm::gui::HealthLevel;
using mm::test::ConsoleHouse;

namespace {

QPushButton* buttonNamed(QWidget* in, const QString& text) {
    for (QPushButton* button : in->findChildren<QPushButton*>())
        if (button->text() == text && button->isVisible())
            return button;
    return nullptr;
}

constexpr int kMany = 60;

std::string manyth(int number) {
    return "org/model-" + std::to_string(number);
}

// A model that can be registered, as its files are all there, and not loaded.
void makeBroken(const QTemporaryDir& folder) {
    QDir(folder.path()).mkpath(QStringLiteral("1_Pooling"));
    for (const char* name : {"config.json", "modules.json", "tokenizer.json", "tokenizer_config.json",
                             "sentence_bert_config.json", "1_Pooling/config.json"})
        QFile::copy(QStringLiteral(MM_TEST_MODEL "/") + QLatin1String(name), folder.filePath(QLatin1String(name)));
    QFile weights(folder.filePath(QStringLiteral("model.safetensors")));
    if (!weights.open(QIODevice::WriteOnly) || weights.write("no weights at all") < 0)
        qFatal("%s", qPrintable(weights.errorString()));
}

mm::Result<mm::gui::v1::Model> registerFolder(ConsoleHouse& house, const std::string& id, const QString& folder) {
    mm::gui::v1::RegisterModelRequest request;
    request.set_model_id(id);
    request.set_task_type(mm::gui::v1::TASK_TYPE_TXT2EMBED);
    request.set_source_url("file://" + folder.toStdString());
    return house.ask(&mm::gui::RegistryCalls::RegisterModel, request);
}

// As somebody without a mouse gets there; false where that is not possible.
bool tabTo(QWidget* window, const QPushButton* button) {
    window->activateWindow();
    if (!QTest::qWaitForWindowActive(window))
        return false;
    for (int i = 0; i < 100 && !button->hasFocus(); ++i)
        QTest::keyClick(QApplication::focusWidget() != nullptr ? QApplication::focusWidget() : window, Qt::Key_Tab);
    return button->hasFocus();
}

} // namespace

class TestShell : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theCommandLineIsForItsOwnEngineOrForAnother() {
        using mm::gui::readConsoleLine;
        QTemporaryDir folder;
        QFile key(folder.filePath(QStringLiteral("key")));
        QVERIFY(key.open(QIODevice::WriteOnly));
        key.write("  mm_secret\n");
        key.close();
        const std::string file = key.fileName().toStdString();
        const auto there = readConsoleLine({"--connect=rack", "--key-file", file, "--tls-ca", "system"}, {});
        QVERIFY(there.ok() && there->elsewhere);
        QCOMPARE(there->elsewhere->address, QStringLiteral("rack:50051"));
        QCOMPARE(there->elsewhere->ca, QStringLiteral("system"));
        QCOMPARE(there->key, std::string("mm_secret"));
        QCOMPARE(readConsoleLine({"--connect", "rack"}, {{"MODELMORA_KEY", "mm_other"}})->key, std::string("mm_other"));
        const auto here = readConsoleLine({"--data-dir", "/tmp/somewhere"}, {});
        QVERIFY(here.ok() && !here->elsewhere);
        QCOMPARE(here->settings.dataDir.string(), std::string("/tmp/somewhere"));
        QVERIFY(readConsoleLine({"--help"}, {})->help);
        const std::vector<std::vector<std::string>> wrong{{"--connect"},
                                                          {"--connect", "a b"},
                                                          {"--connect", "rack", "--data-dir", "/tmp"},
                                                          {"--connect", "rack", "--tls-key", "k"},
                                                          {"--connect", "rack", "--key-file", "/nowhere"},
                                                          {"--nonsense", "1"}};
        for (const auto& line : wrong)
            QVERIFY2(!readConsoleLine(line, {}).ok(), line.back().c_str());
    }

    void aLostEngineIsSaidAndItsPagesKeepWhatTheyShow() {
        ConsoleHouse house;
        house.isRemote = true;
        QVERIFY(house.start());
        QVERIFY(house.registerModel("org/model").ok());
        QVERIFY(ConsoleHouse::until([&] { return house.state.models()->size() == 1; }));
        auto* strip = house.find<QFrame>("decisions");
        QVERIFY(!strip->isVisible());
        house.engine.reset();
        QVERIFY(ConsoleHouse::until([&] { return strip->isVisible(); }));
        QCOMPARE(house.window->health().report().level, HealthLevel::Bad);
        QCOMPARE(house.state.models()->size(), std::size_t(1));
        house.startEngine();
        QVERIFY(ConsoleHouse::until([&] { return !strip->isVisible(); }));
    }

    // Nobody outside is let in without a key, and the person in front of the console is.
    void theOwnEngineTakesItsConsoleForAnAdmin() {
        ConsoleHouse house({"--access", "on"});
        house.isWhole = true;
        QVERIFY(house.start());
        const auto self = house.ask(&mm::gui::AccessCalls::GetIdentity, {});
        QVERIFY(self.ok());
        QCOMPARE(self->role(), std::string("admin"));
        const auto key = house.ask(&mm::gui::AccessCalls::ListKeys, {});
        QVERIFY(key.ok());
        QVERIFY(key->keys().empty()); // it is none of those that are kept
        house.engines->use({QStringLiteral("outside"), house.grpcAddress}, {});
        auto* strip = house.find<QFrame>("decisions");
        QVERIFY(ConsoleHouse::until([&] { return buttonNamed(strip, QStringLiteral("Enter a key…")) != nullptr; }));
        QVERIFY(house.state.refusal().has_value());
        // What a stranger makes up is nobody's.
        house.engines->useKey(QStringLiteral("mm_") + QString(43, QLatin1Char('A')));
        QVERIFY(ConsoleHouse::until([&] { return house.link.state() == EngineLink::State::Connected; }));
        QVERIFY(!house.ask(&mm::gui::AccessCalls::ListKeys, {}).ok());
        house.engines->useOwn();
        QVERIFY(ConsoleHouse::until([&] { return house.state.models().has_value(); }));
        QVERIFY(house.ask(&mm::gui::AccessCalls::ListKeys, {}).ok());
    }

    void tlsIsBelievedOnlyWhereTheAuthorityVouchesForIt() {
        const mm::test::TestAuthority ours;
        const mm::test::TestAuthority another("Another authority");
        QTemporaryDir folder;
        const auto file = [&](const char* name, const std::string& text) {
            QFile to(folder.filePath(QLatin1String(name)));
            if (!to.open(QIODevice::WriteOnly) || to.write(text.c_str()) < 0)
                qFatal("%s", qPrintable(to.errorString()));
            return to.fileName();
        };
        const mm::test::PemPair server = ours.sign("server");
        ConsoleHouse house({"--tls-certificate", file("server.pem", server.certificate).toStdString(), "--tls-key",
                            file("server.key", server.key).toStdString()});
        house.isWhole = true;
        QVERIFY(house.start());
        const auto fault = [&](const QString& ca) {
            house.engines->use({QStringLiteral("there") + ca, house.grpcAddress, ca}, {});
            if (!ConsoleHouse::until([&] { return house.link.state() != EngineLink::State::Connecting; }))
                return std::string("nothing came of it");
            return house.link.fault().message;
        };
        QCOMPARE(fault(file("ours.pem", ours.certificate())), std::string());
        QVERIFY(ConsoleHouse::until([&] { return house.state.models().has_value(); }));
        const std::string wrong = fault(file("another.pem", another.certificate()));
        QVERIFY2(wrong.find("vouches for") != std::string::npos, wrong.c_str());
        auto* strip = house.find<QFrame>("decisions");
        QVERIFY(ConsoleHouse::until([&] { return strip->isVisible(); }));
        const std::string missing = fault(QStringLiteral("/nowhere.pem"));
        QVERIFY2(missing.find("/nowhere.pem") != std::string::npos, missing.c_str());
        QVERIFY(!fault({}).empty()); // without TLS there is no way in
    }

    void anEngineThatRunsHereIsOffered() {
        ConsoleHouse house;
        house.startEngine();
        QVERIFY(ConsoleHouse::until([&] { return !house.grpcAddress.endsWith(QLatin1String(":0")); }));
        mm::gui::EngineLink link;
        mm::gui::EventFeed events(link);
        mm::gui::EngineState state(link, events);
        mm::gui::EngineSwitch engines(link, nullptr);
        mm::gui::SecretStore secrets(QStringLiteral("ModelMora tests"));
        mm::gui::EngineBook book(house.remembered, secrets);
        mm::gui::MainWindow window({link, state, events, house.theme, &engines, &book}, mm::gui::allPages());
        window.show();
        engines.offer({{house.grpcAddress, house.grpcAddress}, 1});
        auto* strip = window.findChild<QFrame*>(QStringLiteral("decisions"));
        QPushButton* use = nullptr;
        QVERIFY(ConsoleHouse::until(
            [&] { return (use = buttonNamed(strip, QStringLiteral("Connect to it"))) != nullptr; }));
        QVERIFY(tabTo(&window, use));
        QTest::keyClick(use, Qt::Key_Space);
        QVERIFY(ConsoleHouse::until([&] { return state.models().has_value(); }));
        QVERIFY(!strip->isVisible());
    }

    void aModelThatCannotLoadIsDismissedOnlyUntilItFailsAnew() {
        ConsoleHouse house;
        QVERIFY(house.start());
        QTemporaryDir broken;
        makeBroken(broken);
        const auto registered = registerFolder(house, "org/broken", broken.path());
        QVERIFY(registered.ok()); // what is in the file is seen when it is loaded
        mm::gui::v1::LoadModelRequest load;
        load.set_model_id("org/broken");
        QVERIFY(!house.ask(&mm::gui::ManagementCalls::LoadModel, load).ok());
        auto* strip = house.find<QFrame>("decisions");
        QVERIFY(ConsoleHouse::until([&] { return strip->isVisible(); }));
        auto* dismiss = buttonNamed(strip, QStringLiteral("Dismiss"));
        QVERIFY(tabTo(house.window.get(), dismiss));
        QTest::keyClick(dismiss, Qt::Key_Space);
        QVERIFY(!strip->isVisible());
        QCOMPARE(house.window->health().report().level, HealthLevel::Bad); // it is still said
    }

    void closingAsksAndMayBeCancelled() {
        ConsoleHouse house;
        QVERIFY(house.start());
        mm::gui::Leaving leaving({*house.window, house.state, house.engine.get(), false});
        house.window->setCloseQuestion([&] { return leaving.mayClose(); });
        QSignalSpy over(&leaving, &mm::gui::Leaving::over);
        house.window->close();
        auto* dialog = house.find<QDialog>("leave");
        QVERIFY(dialog && dialog->isVisible());
        QVERIFY(!dialog->findChild<QLabel*>(QStringLiteral("running"))->text().isEmpty());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QVERIFY(house.window->isVisible() && over.isEmpty() && !leaving.isStopping());
        QVERIFY(ConsoleHouse::until([&] { return house.find<QDialog>("leave") == nullptr; }));
        house.window->close();
        mm::test::GuiWatchdog watchdog;
        QTest::mouseClick(house.find<QPushButton>("stop"), Qt::LeftButton);
        QVERIFY(ConsoleHouse::until([&] { return over.size() == 1; }));
        QVERIFY(leaving.mayClose());
        QVERIFY2(watchdog.longestMs() < 1000, "the window froze while the engine stopped");
    }

    void thePaletteOpensAPageByKeyboard() {
        ConsoleHouse house;
        house.isWhole = true;
        QVERIFY(house.start());
        QTest::keyClick(house.window.get(), Qt::Key_K, Qt::ControlModifier);
        auto* line = house.find<QLineEdit>("palette-line");
        QVERIFY(line);
        const auto pages = mm::gui::allPages();
        QTest::keyClicks(line, pages.back().title);
        QTest::keyClick(line, Qt::Key_Down); // stays where there is only one
        QTest::keyClick(line, Qt::Key_Up);
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(house.window->currentPage(), pages.back().id);
        QVERIFY(ConsoleHouse::until([&] { return house.find<QLineEdit>("palette-line") == nullptr; }));
        house.window->activateWindow(); // the offscreen display has no window manager to do so
        QVERIFY(QTest::qWaitForWindowActive(house.window.get()));
        QTest::keyClick(house.window.get(), Qt::Key_K, Qt::ControlModifier);
        QVERIFY(house.find<QLineEdit>("palette-line"));
        QTest::keyClick(house.find<QLineEdit>("palette-line"), Qt::Key_Escape);
        QCOMPARE(house.window->currentPage(), pages.back().id);
        house.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(house.window.get()));
        QTest::keyClick(house.window.get(), Qt::Key_1, Qt::ControlModifier);
        QCOMPARE(house.window->currentPage(), pages.front().id);
    }

    void anEmptyEngineServesItsFirstModelAfterOneClick() {
        qputenv("MODELMORA_MODELS", MM_TEST_MODEL "/..");
        ConsoleHouse house;
        house.isWhole = true;
        QVERIFY(house.start());
        auto* serve = house.find<QPushButton>("serve-packaged");
        QVERIFY(ConsoleHouse::until([&] { return serve->isVisible(); }));
        QTest::mouseClick(serve, Qt::LeftButton);
        QVERIFY(ConsoleHouse::until([&] {
            const auto* model = house.state.statusOf("sentence-transformers/all-MiniLM-L6-v2");
            return model && model->state() == mm::gui::v1::MODEL_STATE_LOADED && !serve->isVisible();
        }));
        QVERIFY(!house.window->currentPage().isEmpty());
    }

    // The bounds are far above what is usual: the machine may be busy with other tests.
    void theGuiThreadIsNotHeldUp() {
        QElapsedTimer clock;
        clock.start();
        ConsoleHouse house;
        QVERIFY(house.start());
        qInfo("window shown and engine answering after %lld ms", clock.elapsed());
        QVERIFY(clock.elapsed() < 15'000);
        QVERIFY(house.registerModel("org/model").ok());
        mm::test::GuiWatchdog watchdog;
        mm::gui::v1::LoadModelRequest load;
        load.set_model_id("org/model");
        QVERIFY(house.ask(&mm::gui::ManagementCalls::LoadModel, load).ok());
        for (const mm::gui::PageEntry& page : mm::gui::allPages()) {
            house.window->open(page.id);
            QTest::qWait(100);
        }
        qInfo("the GUI thread was busy for at most %lld ms", watchdog.longestMs());
        QVERIFY(watchdog.turns() > 10);
        QVERIFY(watchdog.longestMs() < 1000);
    }

    // Many models, all the time changed, and every page seen meanwhile.
    void theGuiThreadIsNotHeldUpByMuchThatHappens() {
        ConsoleHouse house;
        QVERIFY(house.start());
        QTemporaryDir files;
        makeBroken(files);
        for (int i = 0; i < kMany; ++i)
            QVERIFY(registerFolder(house, manyth(i), files.path()).ok());
        QVERIFY(ConsoleHouse::until([&] { return house.state.models()->size() == kMany; }));
        int told = 0;
        connect(&house.events, &mm::gui::EventFeed::happened, this,
                [&](const std::vector<mm::gui::v1::Event>& events) { told += static_cast<int>(events.size()); });
        QTimer change;
        int turn = 0;
        connect(&change, &QTimer::timeout, this, [&] {
            mm::gui::v1::UpdateModelRequest request;
            request.set_model_id(manyth(++turn % kMany));
            request.mutable_tags()->add_tags("turn-" + std::to_string(turn));
            house.link.call(&mm::gui::RegistryCalls::UpdateModel, request, this, [](const auto&) {});
        });
        change.start(10);
        for (const mm::gui::PageEntry& page : mm::gui::allPages())
            house.window->open(page.id); // what is made when it is first seen is another matter
        mm::test::GuiWatchdog watchdog;
        for (const mm::gui::PageEntry& page : mm::gui::allPages()) {
            house.window->open(page.id);
            const int before = told;
            QVERIFY(ConsoleHouse::until([&] { return told > before + 50; }));
        }
        change.stop();
        qInfo("the GUI thread was busy for at most %.1f ms of its own", watchdog.longestCpuMs());
        QVERIFY(watchdog.turns() > 10);
        QVERIFY(watchdog.longestCpuMs() < 100);
    }
};

QTEST_MAIN(TestShell)
#include "test_shell.moc"
