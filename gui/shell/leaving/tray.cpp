#include "gui/shell/leaving/tray.h"

#include "gui/shell/header/dot.h"

#include <QPainter>
#include <QWidget>

#include <utility>

namespace mm::gui {
namespace {

constexpr int kSizes[] = {16, 22, 32, 48, 128};

QPixmap picture(const Theme& theme, int size, const HealthLevel* level) {
    QPixmap pixmap(size, size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.colour(Role::Accent));
    const double edge = size / 16.0;
    painter.drawRoundedRect(QRectF(edge, edge, size - 2 * edge, size - 2 * edge), size / 5.0, size / 5.0);
    // Three blocks of different size in one memory.
    painter.setBrush(Qt::white);
    for (const auto& [at, width, alpha] :
         {std::tuple(4.0, 8.0, 255), std::tuple(7.0, 5.5, 215), std::tuple(10.0, 7.0, 175)}) {
        painter.setOpacity(alpha / 255.0);
        painter.drawRoundedRect(QRectF(4 * edge, at * edge, width * edge, 2 * edge), edge / 2, edge / 2);
    }
    painter.setOpacity(1);
    if (level) {
        const double dot = size * 0.42;
        painter.setBrush(theme.colour(roleOf(*level)));
        painter.setPen(QPen(Qt::white, edge));
        painter.drawEllipse(QRectF(size - dot - edge / 2, size - dot - edge / 2, dot, dot));
    }
    return pixmap;
}

QIcon iconOf(const Theme& theme, const HealthLevel* level) {
    QIcon icon;
    for (const int size : kSizes)
        icon.addPixmap(picture(theme, size, level));
    return icon;
}

} // namespace

QIcon consoleIcon(const Theme& theme) {
    return iconOf(theme, nullptr);
}
QIcon consoleIcon(const Theme& theme, HealthLevel level) {
    return iconOf(theme, &level);
}

Tray::Tray(QWidget& window, const HealthWatch& health, const Theme& theme)
    : QObject(&window), m_window(window), m_health(health), m_theme(theme) {
    m_menu.addAction(tr("Open ModelMora"), this, &Tray::openWindow);
    m_sentence = m_menu.addAction(QString());
    m_sentence->setEnabled(false);
    m_menu.addSeparator();
    m_menu.addAction(tr("Stop and quit"), this, &Tray::stopWanted);
    m_icon.setContextMenu(&m_menu);
    connect(&m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
            openWindow();
    });
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, &Tray::openWindow);
    connect(&m_health, &HealthWatch::changed, this, [this] {
        showState();
        notify();
    });
    showState();
    m_icon.show();
}

void Tray::showState() {
    const HealthReport& report = m_health.report();
    if (report.sentence == m_sentence->text() && !m_icon.icon().isNull())
        return;
    m_sentence->setText(report.sentence);
    m_icon.setToolTip(QStringLiteral("ModelMora: ") + report.sentence);
    m_icon.setIcon(consoleIcon(m_theme, report.level));
}

void Tray::notify() {
    std::set<QString> now;
    for (const Decision& decision : m_health.report().decisions) {
        if (decision.level != HealthLevel::Bad)
            continue;
        now.insert(decision.id);
        if (!m_told.contains(decision.id) && !m_window.isActiveWindow())
            m_icon.showMessage(decision.title, decision.detail, QSystemTrayIcon::Warning);
    }
    m_told = std::move(now);
}

void Tray::openWindow() {
    m_window.show();
    m_window.setWindowState(m_window.windowState() & ~Qt::WindowMinimized);
    m_window.raise();
    m_window.activateWindow();
}

} // namespace mm::gui
