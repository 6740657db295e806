// Tray: the console's place in the system's tray: how the engine is, the way back to the window, and notifications of
// what has broken, which open its page. GUI thread.
#pragma once

#include "gui/shell/header/health_watch.h"
#include "gui/shell/leaving/tray_face.h"
#include "gui/shell/leaving/tray_notices.h"

#include <QMenu>
#include <QObject>

#include <memory>

class QWidget;

namespace mm::gui {

class Tray : public QObject {
    Q_OBJECT

public:
    // A child of the window.
    Tray(QWidget& window, const HealthWatch& health, std::unique_ptr<TrayFace> face);
    ~Tray() override;

    // Whether the desktop has one.
    [[nodiscard]] static bool isThere();

Q_SIGNALS:
    void stopWanted();
    void pageWanted(const QString& page, const QString& subject);

private:
    void take();
    void openWindow();
    void openNotice();

    QWidget& m_window;
    const HealthWatch& m_health;
    QMenu m_menu;
    const std::unique_ptr<TrayFace> m_face;
    QAction* m_sentence = nullptr;
    TrayNotices m_notices;
    Notice m_notice; // the last one
};

} // namespace mm::gui
