// Settings with where they come from, the level of the log, and keys from their making to their end.
#include "tests/support/console_house.h"

#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QTableView>
#include <QtTest>

using mm::test::ConsoleHouse;

class TestSettingsPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everySettingSaysWhereItComesFrom() {
        ConsoleHouse house({"--threads", "2"});
        QVERIFY(house.start());
        house.window->open(QStringLiteral("settings"));
        auto* model = house.find<QTableView>("settings-table")->model();
        QVERIFY(ConsoleHouse::until([&] { return model->rowCount() > 10; }));
        house.find<QLineEdit>("settings-filter")->setText(QStringLiteral("threads"));
        QVERIFY(model->rowCount() >= 1);
        QCOMPARE(model->index(0, 1).data().toString(), QStringLiteral("2"));
        QVERIFY(model->index(0, 2).data().toString().contains(QLatin1String("--threads")));
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

    void theLevelOfTheLogChangesAtOnce() {
        ConsoleHouse house;
        QVERIFY(house.start());
        house.window->open(QStringLiteral("settings"));
        auto* level = house.find<QComboBox>("log-level");
        QVERIFY(ConsoleHouse::until([&] { return level->currentText() == QLatin1String("info"); }));
        const int warning = level->findText(QStringLiteral("warning"));
        level->setCurrentIndex(warning);
        Q_EMIT level->activated(warning);
        QVERIFY(ConsoleHouse::until([&] {
            const auto now = house.ask(&mm::gui::ObservabilityCalls::GetLogLevel, {});
            return now.ok() && now->level() == "warning";
        }));
        level->setCurrentText(QStringLiteral("info")); // of the whole program, the next tests' too
        Q_EMIT level->activated(level->currentIndex());
    }
};

QTEST_MAIN(TestSettingsPage)
#include "test_settings_page.moc"
