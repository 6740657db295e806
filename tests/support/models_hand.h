// The models page in a test: what an operator does and sees there.
#pragma once

#include "gui/pages/models/list/model_table.h"
#include "tests/support/console_house.h"

#include <QAbstractButton>
#include <QDialog>
#include <QTableView>
#include <QtTest>

namespace mm::test {

struct ModelsHand {
    ConsoleHouse& house;

    [[nodiscard]] QTableView* table() const { return house.find<QTableView>("modelsTable"); }
    [[nodiscard]] int rows() const { return table()->model()->rowCount(); }
    [[nodiscard]] QString cell(int row, int column) const {
        return table()->model()->index(row, column).data().toString();
    }
    [[nodiscard]] QString state(int row = 0) const { return cell(row, gui::models::State); }

    template <typename Widget>
    [[nodiscard]] Widget* find(const char* name) const {
        return house.find<Widget>(name);
    }
    // Open and ready to be used.
    [[nodiscard]] QDialog* dialog(const char* name) const {
        if (!ConsoleHouse::until([&] { return find<QDialog>(name) != nullptr && find<QDialog>(name)->isVisible(); }))
            return nullptr;
        return find<QDialog>(name);
    }
    [[nodiscard]] bool isGone(const char* name) const {
        return ConsoleHouse::until([&] { return find<QDialog>(name) == nullptr; });
    }
    [[nodiscard]] bool isEnabled(const char* button) const {
        return ConsoleHouse::until([&] {
            auto* found = find<QAbstractButton>(button);
            return found != nullptr && found->isEnabled() && found->height() > 0; // and has its place
        });
    }
    // A key for the page, whichever dialog was the last to be active.
    void press(Qt::Key key, Qt::KeyboardModifiers with = Qt::NoModifier) const {
        house.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(house.window.get()));
        table()->setFocus();
        QTest::keyClick(table(), key, with);
    }
    void click(const char* button) const { QTest::mouseClick(find<QAbstractButton>(button), Qt::LeftButton); }

    // Registers without the page and waits until the page shows it.
    [[nodiscard]] bool has(const std::string& id) const {
        const int before = rows();
        return house.registerModel(id).ok() && ConsoleHouse::until([&] { return rows() == before + 1; });
    }
    [[nodiscard]] bool load() const {
        press(Qt::Key_Return);
        if (dialog("loadDialog") == nullptr || !isEnabled("loadStart"))
            return false;
        QTest::keyClick(dialog("loadDialog"), Qt::Key_Return);
        return isGone("loadDialog") && ConsoleHouse::until([&] { return state() == QLatin1String("ready"); });
    }
};

[[nodiscard]] inline bool isOpen(ConsoleHouse& house) {
    if (!house.start())
        return false;
    house.window->open(QStringLiteral("models"));
    house.window->activateWindow();
    return QTest::qWaitForWindowActive(house.window.get());
}

} // namespace mm::test
