// TrayFace: what is to be seen of the console in the system's tray. GUI thread.
#pragma once

#include "gui/shell/header/health.h"

#include <QIcon>
#include <QObject>
#include <QString>

#include <memory>

class QMenu;

namespace mm::gui {

class Theme;

// The console's own picture, with a dot for how the engine is.
QIcon consoleIcon(const Theme& theme);
QIcon consoleIcon(const Theme& theme, HealthLevel level);

class TrayFace : public QObject {
    Q_OBJECT

public:
    // The menu outlives it.
    virtual void begin(QMenu& menu) = 0;
    virtual void showState(HealthLevel level, const QString& sentence) = 0;
    virtual void notify(const QString& title, const QString& text) = 0;

Q_SIGNALS:
    // The icon, or the last notification, was clicked.
    void clicked();
    void noticeClicked();
};

// The desktop's own; the theme outlives it.
std::unique_ptr<TrayFace> systemTrayFace(const Theme& theme);

} // namespace mm::gui
