#include "gui/shell/leaving/tray.h"

#include <QAction>
#include <QSystemTrayIcon>
#include <QWidget>

#include <utility>

namespace mm::gui {

Tray::Tray(QWidget& window, const HealthWatch& health, std::unique_ptr<TrayFace> face)
    : QObject(&window), m_window(window), m_health(health), m_face(std::move(face)) {
    m_menu.addAction(tr("Open ModelMora"), this, &Tray::openWindow);
    m_sentence = m_menu.addAction(QString());
    m_sentence->setEnabled(false);
    m_menu.addSeparator();
    m_menu.addAction(tr("Stop and quit"), this, &Tray::stopWanted);
    connect(m_face.get(), &TrayFace::clicked, this, &Tray::openWindow);
    connect(m_face.get(), &TrayFace::noticeClicked, this, &Tray::openNotice);
    connect(&m_health, &HealthWatch::changed, this, &Tray::take);
    take();
    m_face->begin(m_menu);
}

Tray::~Tray() = default;

bool Tray::isThere() {
    return QSystemTrayIcon::isSystemTrayAvailable();
}

void Tray::take() {
    const HealthReport& report = m_health.report();
    m_sentence->setText(report.sentence);
    m_face->showState(report.level, report.sentence);
    if (auto notice = m_notices.next(report, m_window.isActiveWindow())) {
        m_face->notify(notice->title, notice->text);
        m_notice = std::move(*notice);
    }
}

void Tray::openNotice() {
    openWindow();
    if (!m_notice.page.isEmpty())
        Q_EMIT pageWanted(m_notice.page, m_notice.subject);
}

void Tray::openWindow() {
    m_window.show();
    m_window.setWindowState(m_window.windowState() & ~Qt::WindowMinimized);
    m_window.raise();
    m_window.activateWindow();
}

} // namespace mm::gui
