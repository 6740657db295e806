// Every dialog of the shell, cancelled by keyboard: nothing has changed, and the cursor is where it was.
#include "gui/shell/leaving/leaving.h"
#include "tests/support/console_house.h"

#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QtTest>

using mm::test::ConsoleHouse;

namespace {

// The line of the engine chooser, opened by its button.
QAction* lineOf(QMenu& menu, const QString& text) {
    for (QAction* action : menu.actions())
        if (action->text() == text)
            return action;
    return nullptr;
}

QMenu* engineMenu(const ConsoleHouse& house) {
    auto* button = house.find<QAbstractButton>("engine");
    if (auto* push = qobject_cast<QPushButton*>(button))
        return push->menu();
    auto* tool = qobject_cast<QToolButton*>(button);
    return tool ? tool->menu() : nullptr;
}

// Chosen as somebody without a mouse does.
bool choose(const ConsoleHouse& house, const QString& text) {
    QMenu* menu = engineMenu(house);
    if (!menu)
        return false;
    menu->popup(house.window->mapToGlobal(QPoint(20, 40)));
    QAction* line = lineOf(*menu, text);
    if (!line)
        return false;
    menu->setActiveAction(line);
    QTest::keyClick(menu, Qt::Key_Return);
    return true;
}

bool isActive(const ConsoleHouse& house) {
    house.window->activateWindow(); // the offscreen display has no window manager to do so
    return QTest::qWaitForWindowActive(house.window.get());
}

// The one open dialog.
QDialog* dialog(const ConsoleHouse& house) {
    QDialog* open = nullptr;
    (void)ConsoleHouse::until([&] {
        for (QDialog* each : house.window->findChildren<QDialog*>())
            if (each->isVisible())
                open = each;
        return open != nullptr;
    });
    return open;
}

bool cancel(const ConsoleHouse& house) {
    QDialog* open = dialog(house);
    if (!open)
        return false;
    QTest::keyClick(open, Qt::Key_Escape);
    return ConsoleHouse::until([&] {
        const auto all = house.window->findChildren<QDialog*>();
        return std::none_of(all.begin(), all.end(), [](const QDialog* each) { return each->isVisible(); });
    });
}

} // namespace

class TestShellDialogs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anotherEngineIsNotConnectedTo() {
        ConsoleHouse house;
        house.isWhole = true;
        QVERIFY(house.start());
        QWidget* cursor = putCursor(house);
        QVERIFY(choose(house, QStringLiteral("Another engine…")));
        QVERIFY(dialog(house));
        QTest::keyClicks(dialog(house)->findChild<QLineEdit*>(QStringLiteral("engine-address")),
                         QStringLiteral("rack:50051"));
        QVERIFY(cancel(house));
        QVERIFY(house.engines->isOwn());
        QVERIFY(house.book->engines().empty());
        QVERIFY(isActive(house));
        QCOMPARE(QApplication::focusWidget(), cursor);
    }

    void aKeyIsNotTaken() {
        ConsoleHouse house({"--access", "on"});
        house.isWhole = true;
        QVERIFY(house.start());
        house.engines->use({QStringLiteral("outside"), house.grpcAddress}, {});
        QVERIFY(ConsoleHouse::until([&] { return house.state.refusal().has_value(); }));
        QVERIFY(choose(house, QStringLiteral("Enter a key…")));
        QVERIFY(dialog(house));
        QTest::keyClicks(dialog(house)->findChild<QLineEdit*>(QStringLiteral("engine-key")),
                         QStringLiteral("mm_whatever"));
        QVERIFY(cancel(house));
        QVERIFY(house.state.refusal().has_value());
        QVERIFY(house.link.target().key.empty());
        QVERIFY(house.book->engines().empty());
    }

    // Chosen with the arrow and left again: it stays. Only the line itself forgets it.
    void aKnownEngineIsNotForgotten() {
        ConsoleHouse house;
        house.isWhole = true;
        QVERIFY(house.start());
        house.book->add({QStringLiteral("rack"), QStringLiteral("rack:50051")}, {});
        QMenu* menu = engineMenu(house);
        QVERIFY(menu);
        menu->popup(house.window->mapToGlobal(QPoint(20, 40)));
        QAction* forget = lineOf(*menu, QStringLiteral("Forget"));
        QVERIFY(forget);
        menu->setActiveAction(forget);
        QTest::keyClick(menu, Qt::Key_Right);
        QVERIFY(forget->menu()->isVisible());
        QTest::keyClick(forget->menu(), Qt::Key_Escape);
        menu->close();
        QCOMPARE(house.book->engines().size(), std::size_t(1));
        QVERIFY(house.engines->isOwn());
        menu->popup(house.window->mapToGlobal(QPoint(20, 40)));
        forget = lineOf(*menu, QStringLiteral("Forget"));
        QTest::keyClick(forget->menu(), Qt::Key_Down);
        QTest::keyClick(forget->menu(), Qt::Key_Return);
        QVERIFY(house.book->engines().empty());
        menu->close();
    }

    void theConsoleIsNotLeftByAnyWayOut() {
        ConsoleHouse house;
        QVERIFY(house.start());
        QWidget* cursor = putCursor(house);
        mm::gui::Leaving leaving({*house.window, house.state, house.engine.get(), false});
        house.window->setCloseQuestion([&] { return leaving.mayClose(); });
        QSignalSpy over(&leaving, &mm::gui::Leaving::over);
        QTest::keyClick(house.window.get(), Qt::Key_Q, Qt::ControlModifier);
        QVERIFY(cancel(house));
        QVERIFY(isActive(house));
        QCOMPARE(QApplication::focusWidget(), cursor);
        QVERIFY(isActive(house));
        house.window->close();
        QVERIFY(dialog(house));
        QTest::mouseClick(dialog(house)->findChild<QPushButton*>(QStringLiteral("cancel")), Qt::LeftButton);
        QVERIFY(house.window->isVisible() && over.isEmpty() && !leaving.isStopping());
        QVERIFY(house.engine->isRunning());
    }

    void theEngineGoesOnServingWhereThatIsChosen() {
        ConsoleHouse house;
        QVERIFY(house.start());
        mm::gui::Leaving leaving({*house.window, house.state, house.engine.get(), true});
        house.window->setCloseQuestion([&] { return leaving.mayClose(); });
        house.window->close();
        QVERIFY(dialog(house));
        QTest::keyClick(dialog(house), Qt::Key_Return); // what is proposed
        QVERIFY(ConsoleHouse::until([&] { return !house.window->isVisible(); }));
        QVERIFY(house.engine->isRunning());
        QVERIFY(house.registerModel("org/model").ok());
    }

    void thePaletteRunsNothing() {
        ConsoleHouse house;
        house.isWhole = true;
        QVERIFY(house.start());
        QVERIFY(house.registerModel("org/model").ok());
        QVERIFY(ConsoleHouse::until([&] { return house.state.models()->size() == 1; }));
        QWidget* cursor = putCursor(house);
        const QString page = house.window->currentPage();
        QTest::keyClick(house.window.get(), Qt::Key_K, Qt::ControlModifier);
        auto* line = house.find<QLineEdit>("palette-line");
        QVERIFY(line);
        QTest::keyClicks(line, QStringLiteral("dark"));
        QVERIFY(house.find<QListWidget>("palette-list")->count() > 0);
        QTest::keyClick(line, Qt::Key_Escape);
        QVERIFY(ConsoleHouse::until([&] { return house.find<QLineEdit>("palette-line") == nullptr; }));
        QCOMPARE(house.window->currentPage(), page);
        QVERIFY(!house.appearance.choice());
        QVERIFY(isActive(house));
        QCOMPARE(QApplication::focusWidget(), cursor);
    }

    void theFirstModelIsNotRegistered() {
        ConsoleHouse house;
        house.isWhole = true;
        QVERIFY(house.start());
        auto* own = house.find<QPushButton>("choose-folder");
        QVERIFY(ConsoleHouse::until([&] { return own->isVisible(); }));
        QVERIFY(isActive(house));
        own->setFocus();
        QTest::keyClick(own, Qt::Key_Space);
        QVERIFY(qobject_cast<QFileDialog*>(dialog(house)));
        QVERIFY(cancel(house));
        QVERIFY(own->isVisible()); // the empty state is still there
        QVERIFY(house.ask(&mm::gui::RegistryCalls::ListModels, {})->models().empty());
        QVERIFY(isActive(house));
        QCOMPARE(QApplication::focusWidget(), own);
    }

private:
    // Somewhere on a page, as somebody who works there.
    static QWidget* putCursor(ConsoleHouse& house) {
        house.window->open(QStringLiteral("settings"));
        auto* filter = house.find<QLineEdit>("settings-filter");
        if (!isActive(house))
            return nullptr;
        filter->setFocus();
        return filter;
    }
};

QTEST_MAIN(TestShellDialogs)
#include "test_shell_dialogs.moc"
