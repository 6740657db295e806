// DesktopSettings: what the desktop wishes of programs' looks, from its portal over D-Bus, at the start and whenever it
// changes. A bus that does not answer holds up a thread of its own and never the window's. Says nothing where there is
// no portal. GUI thread.
#pragma once

#include "gui/theme/desktop_wish.h"

#include <QObject>
#include <QThread>

namespace mm::gui {

class DesktopSettings : public QObject {
    Q_OBJECT

public:
    explicit DesktopSettings(QObject* parent = nullptr);
    ~DesktopSettings() override;
    DesktopSettings(const DesktopSettings&) = delete;
    DesktopSettings& operator=(const DesktopSettings&) = delete;

Q_SIGNALS:
    void told(const mm::gui::DesktopWish& wish);

private:
    QThread m_thread;
};

} // namespace mm::gui
