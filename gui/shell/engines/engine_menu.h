// EngineMenu: what stands in the engine chooser, and what each line of it does. GUI thread.
#pragma once

#include "gui/shell/engines/engine_book.h"
#include "gui/shell/engines/engine_switch.h"

#include <QObject>

class QMenu;
class QWidget;

namespace mm::gui {

class EngineMenu : public QObject {
    Q_OBJECT

public:
    EngineMenu(EngineSwitch& engines, EngineBook& book, QMenu& menu, QWidget& window);

    // Dialogs that do not stop the window behind them.
    void askForEngine();
    void askForKey();
    // With the key that is remembered for it.
    void use(const KnownEngine& engine);

private:
    void fill();

    EngineSwitch& m_engines;
    EngineBook& m_book;
    QMenu& m_menu;
    QWidget& m_window;
};

} // namespace mm::gui
