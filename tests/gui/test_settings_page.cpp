// Settings with where they come from, changed, refused, reset and restarted for; keys from their making to their end.
#include "gui/pages/settings/setting_tree.h"
#include "tests/support/console_house.h"

#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QTableView>
#include <QTreeView>
#include <QtTest>

using mm::test::ConsoleHouse;
namespace v1 = modelmora::v1;

class TestSettingsPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everySettingSaysWhereItComesFrom() {
        ConsoleHouse house({"--threads", "2"});
        QVERIFY(open(house));
        const QModelIndex threads = row(house, "threads");
        QCOMPARE(threads.siblingAtColumn(1).data().toString(), QStringLiteral("2"));
        QCOMPARE(threads.siblingAtColumn(2).data().toString(), QStringLiteral("at restart"));
        QVERIFY(threads.siblingAtColumn(3).data().toString().contains(QLatin1String("--threads")));
        auto* filter = house.find<QLineEdit>("settings-filter");
        QTest::keyClicks(filter, QStringLiteral("minimum-stay"));
        const auto* model = house.find<QTreeView>("settings-tree")->model();
        QCOMPARE(model->rowCount(), 1);
        QCOMPARE(model->rowCount(model->index(0, 0)), 1);
        // By a flag: told, and not edited.
        filter->clear();
        edit(house, "threads");
        QVERIFY(!house.find<QWidget>("setting-editor"));
    }

    void aValueIsChangedInPlaceAndReset() {
        ConsoleHouse house;
        QVERIFY(open(house));
        edit(house, "max-waiting");
        enter(house, "1234");
        QVERIFY(ConsoleHouse::until([&] { return value(house, "max-waiting") == QLatin1String("1234"); }));
        QVERIFY(ConsoleHouse::until([&] { return engineHas(house, "max-waiting", "1234", "changed"); }));
        QVERIFY(house.find<QWidget>("restart-bar")->isHidden()); // it holds at once
        QTest::keyClick(house.find<QTreeView>("settings-tree"), Qt::Key_Delete);
        QVERIFY(ConsoleHouse::until([&] { return value(house, "max-waiting") == QLatin1String("10000"); }));
        QVERIFY(!house.find<QPushButton>("reset-setting")->isEnabled());
    }

    void aRefusedValueStaysWithTheEnginesSentence() {
        ConsoleHouse house;
        QVERIFY(open(house));
        edit(house, "memory-budget");
        enter(house, "plenty");
        const auto second = [&] {
            return row(house, "memory-budget").siblingAtColumn(1).data(mm::gui::SettingTree::SecondRole).toString();
        };
        QVERIFY(ConsoleHouse::until([&] { return second().contains(QLatin1String("'plenty' is not")); }));
        QCOMPARE(value(house, "memory-budget"), QStringLiteral("plenty"));
        QVERIFY(engineHas(house, "memory-budget", "0.9", "default"));
        QTest::mouseClick(house.find<QPushButton>("reset-setting"), Qt::LeftButton); // drops what was entered
        QCOMPARE(value(house, "memory-budget"), QStringLiteral("0.9"));
        QVERIFY(second().isEmpty());
    }

    void whatWaitsForARestartIsInForceAfterIt() {
        ConsoleHouse house;
        house.isWhole = true;
        QVERIFY(house.start());
        QVERIFY(house.registerModel("test/minilm").ok()); // a window without a model asks for one
        QVERIFY(ConsoleHouse::until([&] { return !house.state.models()->empty(); }));
        QVERIFY(open(house));
        edit(house, "grpc-max-streams");
        enter(house, "77");
        auto* bar = house.find<QWidget>("restart-bar");
        QVERIFY(ConsoleHouse::until([&] { return bar->isVisible(); }));
        QCOMPARE(value(house, "grpc-max-streams"), QStringLiteral("1024"));
        QTest::mouseClick(house.find<QPushButton>("restart-engine"), Qt::LeftButton);
        QTest::mouseClick(house.find<QPushButton>("confirm-restart"), Qt::LeftButton);
        QVERIFY(ConsoleHouse::until([&] { return value(house, "grpc-max-streams") == QLatin1String("77"); }));
        QVERIFY(ConsoleHouse::until([&] { return bar->isHidden(); }));
    }

    void aKeyIsMadeShownOnceAndRevoked() {
        ConsoleHouse house({"--access", "on"});
        QVERIFY(house.start());
        house.window->open(QStringLiteral("settings"));
        auto* says = house.find<QLabel>("keys-say");
        QVERIFY(ConsoleHouse::until([&] { return !says->text().isEmpty(); }));
        QTest::mouseClick(house.find<QPushButton>("new-key-button"), Qt::LeftButton);
        QTest::keyClicks(house.find<QLineEdit>("key-name"), QStringLiteral("search-api"));
        QTest::mouseClick(house.find<QPushButton>("create-key"), Qt::LeftButton);
        QVERIFY(ConsoleHouse::until([&] { return house.find<QLineEdit>("secret-line") != nullptr; }));
        QVERIFY(house.find<QLineEdit>("secret-line")->text().startsWith(QLatin1String("mm_")));
        QTest::keyClick(house.find<QDialog>("secret"), Qt::Key_Escape);
        QVERIFY(ConsoleHouse::until([&] { return house.find<QLineEdit>("secret-line") == nullptr; }));
        auto* table = house.find<QTableView>("keys-table");
        QVERIFY(ConsoleHouse::until([&] { return table->model()->rowCount() == 1; }));
        QCOMPARE(table->model()->index(0, 0).data().toString(), QStringLiteral("search-api"));
        table->selectRow(0);
        auto* revoke = house.find<QPushButton>("revoke-button");
        QVERIFY(revoke->isEnabled());
        QTest::mouseClick(revoke, Qt::LeftButton);
        auto* box = house.window->findChild<QMessageBox*>();
        QVERIFY(box);
        for (QAbstractButton* button : box->buttons())
            if (box->buttonRole(button) == QMessageBox::DestructiveRole)
                QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(ConsoleHouse::until([&] { return table->model()->rowCount() == 0; }));
    }

    void whatSomebodyElseChangesIsShown() {
        ConsoleHouse house;
        QVERIFY(open(house));
        QVERIFY(changeElsewhere(house, "max-waiting", "77"));
        QVERIFY(ConsoleHouse::until([&] { return value(house, "max-waiting") == QLatin1String("77"); }));
        QVERIFY(changeElsewhere(house, "threads", "3"));
        QVERIFY(ConsoleHouse::until([&] { return house.find<QWidget>("restart-bar")->isVisible(); }));
        v1::SetLogLevelRequest level;
        level.set_level("warning");
        QVERIFY(house.ask(&mm::gui::ObservabilityCalls::SetLogLevel, level).ok());
        QVERIFY(ConsoleHouse::until([&] { return value(house, "log-level") == QLatin1String("warning"); }));
        // Another format is no other level.
        QVERIFY(changeElsewhere(house, "log-format", "json"));
        QVERIFY(ConsoleHouse::until([&] { return value(house, "log-format") == QLatin1String("json"); }));
        QCOMPARE(value(house, "log-level"), QStringLiteral("warning"));
        QVERIFY(changeElsewhere(house, "log-format", "human"));
        level.set_level("info"); // of the whole program, the next tests' too
        QVERIFY(house.ask(&mm::gui::ObservabilityCalls::SetLogLevel, level).ok());
    }

    // Without a model the window proposes one, and only once.
    void aChangeLeavesThePageOfAnEmptyEngineOpen() {
        ConsoleHouse house;
        house.isWhole = true;
        QVERIFY(house.start());
        QVERIFY(open(house));
        QSignalSpy asked(&house.state, &mm::gui::EngineState::modelsChanged);
        QVERIFY(changeElsewhere(house, "max-waiting", "79"));
        QVERIFY(ConsoleHouse::until([&] { return value(house, "max-waiting") == QLatin1String("79"); }));
        QVERIFY(ConsoleHouse::until([&] { return !asked.isEmpty(); }));
        QCOMPARE(house.window->currentPage(), QStringLiteral("settings"));
    }

    void anEditIsNotLostToWhatSomebodyElseChanges() {
        ConsoleHouse house;
        QVERIFY(open(house));
        const auto second = [&](const char* name) {
            return row(house, name).siblingAtColumn(1).data(mm::gui::SettingTree::SecondRole).toString();
        };
        edit(house, "cors-origins");
        auto* editor = house.find<QLineEdit>("setting-editor");
        QTest::keyClicks(editor, QStringLiteral("https://a.example"));
        // Of another setting: nothing to say.
        QVERIFY(changeElsewhere(house, "max-waiting", "78"));
        QVERIFY(ConsoleHouse::until([&] { return value(house, "max-waiting") == QLatin1String("78"); }));
        QVERIFY(second("cors-origins").isEmpty());
        QCOMPARE(house.find<QLineEdit>("setting-editor"), editor);
        // Of the same: said beside it, and the entry is not sent over it.
        QVERIFY(changeElsewhere(house, "cors-origins", "https://b.example"));
        QVERIFY(
            ConsoleHouse::until([&] { return second("cors-origins").contains(QLatin1String("https://b.example")); }));
        QCOMPARE(editor->text(), QStringLiteral("https://a.example"));
        QTest::keyClick(editor, Qt::Key_Return);
        QVERIFY(
            ConsoleHouse::until([&] { return value(house, "cors-origins") == QLatin1String("https://a.example"); }));
        QVERIFY(second("cors-origins").contains(QLatin1String("Somebody else")));
        QVERIFY(next(house, "cors-origins") == "https://b.example");
        // Entered again it replaces that.
        edit(house, "cors-origins");
        QTest::keyClick(house.find<QLineEdit>("setting-editor"), Qt::Key_Return);
        QVERIFY(ConsoleHouse::until([&] { return next(house, "cors-origins") == "https://a.example"; }));
        QVERIFY(ConsoleHouse::until([&] { return second("cors-origins").contains(QLatin1String("waiting")); }));
    }

    void theLevelOfTheLogChangesAtOnce() {
        ConsoleHouse house;
        QVERIFY(open(house));
        const auto choose = [&](const char* level) {
            edit(house, "log-level");
            auto* choice = house.find<QComboBox>("setting-editor");
            if (!choice)
                return false;
            choice->setCurrentText(QString::fromLatin1(level));
            Q_EMIT choice->activated(choice->currentIndex());
            return ConsoleHouse::until([&] {
                const auto now = house.ask(&mm::gui::ObservabilityCalls::GetLogLevel, {});
                return now.ok() && now->level() == level;
            });
        };
        QVERIFY(choose("warning"));
        QVERIFY(choose("info")); // of the whole program, the next tests' too
    }

private:
    static bool open(ConsoleHouse& house) {
        if (!house.window && !house.start())
            return false;
        house.window->open(QStringLiteral("settings"));
        return ConsoleHouse::until([&] { return row(house, "threads").isValid(); });
    }
    static QModelIndex row(const ConsoleHouse& house, const char* name) {
        const QAbstractItemModel& model = *house.find<QTreeView>("settings-tree")->model();
        for (int group = 0; group < model.rowCount(); ++group) {
            const QModelIndex parent = model.index(group, 0);
            for (int at = 0; at < model.rowCount(parent); ++at)
                if (const QModelIndex index = model.index(at, 0, parent); index.data() == QLatin1String(name))
                    return index;
        }
        return {};
    }
    static QString value(const ConsoleHouse& house, const char* name) {
        return row(house, name).siblingAtColumn(1).data().toString();
    }
    static void edit(const ConsoleHouse& house, const char* name) {
        auto* tree = house.find<QTreeView>("settings-tree");
        tree->setFocus();
        tree->setCurrentIndex(row(house, name));
        tree->scrollTo(tree->currentIndex());
        QTest::keyClick(tree, Qt::Key_F2);
    }
    static void enter(const ConsoleHouse& house, const char* text) {
        auto* editor = house.find<QWidget>("setting-editor");
        QVERIFY(editor);
        QTest::keySequence(editor, QKeySequence::SelectAll);
        QTest::keyClicks(editor, QString::fromLatin1(text));
        QTest::keyClick(editor, Qt::Key_Return);
    }
    // As another console or `modelmora settings set` would.
    static bool changeElsewhere(ConsoleHouse& house, const char* name, const char* value) {
        v1::ChangeSettingsRequest request;
        request.add_changes()->set_name(name);
        request.mutable_changes(0)->set_value(value);
        const std::string address = house.grpcAddress.toStdString();
        mm::gui::EngineLink other;
        other.open({QStringLiteral("elsewhere"), address, {}}, mm::gui::channelTo(address));
        std::optional<bool> isDone;
        other.call(&mm::gui::SettingsCalls::ChangeSettings, request, house.window.get(),
                   [&](const mm::Result<v1::ListSettingsResponse>& done) { isDone = done.ok(); });
        return ConsoleHouse::until([&] { return isDone.has_value(); }) && *isDone;
    }
    static std::string next(ConsoleHouse& house, const char* name) {
        v1::ListSettingsRequest request;
        request.add_names(name);
        const auto found = house.ask(&mm::gui::SettingsCalls::ListSettings, request);
        return found.ok() ? found->settings(0).next_value() : found.error().message;
    }
    static bool engineHas(ConsoleHouse& house, const char* name, const char* value, const char* origin) {
        v1::ListSettingsRequest request;
        request.add_names(name);
        const auto found = house.ask(&mm::gui::SettingsCalls::ListSettings, request);
        return found.ok() && found->settings(0).value() == value && found->settings(0).origin() == origin;
    }
};

QTEST_MAIN(TestSettingsPage)
#include "test_settings_page.moc"
