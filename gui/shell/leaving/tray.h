// Tray: the console's place in the system's tray: how the engine is, the way back to the window, and notifications of
// what has broken. Does nothing where the desktop has no tray. GUI thread.
#pragma once

#include "gui/shell/header/health_watch.h"
#include "gui/theme/theme.h"

#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>

#include <set>

class QWidget;

namespace mm::gui {

// The console's own picture, with a dot for how the engine is.
QIcon consoleIcon(const Theme& theme);
QIcon consoleIcon(const Theme& theme, HealthLevel level);

class Tray : public QObject {
    Q_OBJECT

public:
    Tray(QWidget& window, const HealthWatch& health, const Theme& theme);

    [[nodiscard]] static bool isThere() { return QSystemTrayIcon::isSystemTrayAvailable(); }

Q_SIGNALS:
    void stopWanted();

private:
    void showState();
    void notify();
    void openWindow();

    QWidget& m_window;
    const HealthWatch& m_health;
    const Theme& m_theme;
    QMenu m_menu;
    QSystemTrayIcon m_icon;
    QAction* m_sentence = nullptr;
    std::set<QString> m_told; // decisions that a notification was shown for
};

} // namespace mm::gui
