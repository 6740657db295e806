#include "gui/shell/leaving/tray_face.h"

#include "gui/shell/header/dot.h"
#include "gui/theme/theme.h"

#include <QPainter>
#include <QSystemTrayIcon>

#include <optional>
#include <tuple>

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

class SystemTrayFace final : public TrayFace {
public:
    explicit SystemTrayFace(const Theme& theme) : m_theme(theme) {
        connect(&m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
            if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
                Q_EMIT clicked();
        });
        connect(&m_icon, &QSystemTrayIcon::messageClicked, this, &TrayFace::noticeClicked);
    }

    void begin(QMenu& menu) override {
        m_icon.setContextMenu(&menu);
        m_icon.show();
    }
    void showState(HealthLevel level, const QString& sentence) override {
        m_icon.setToolTip(QStringLiteral("ModelMora: ") + sentence);
        if (m_level != level)
            m_icon.setIcon(consoleIcon(m_theme, level));
        m_level = level;
    }
    void notify(const QString& title, const QString& text) override {
        m_icon.showMessage(title, text, QSystemTrayIcon::Warning);
    }

private:
    const Theme& m_theme;
    QSystemTrayIcon m_icon;
    std::optional<HealthLevel> m_level; // that the icon shows
};

} // namespace

QIcon consoleIcon(const Theme& theme) {
    return iconOf(theme, nullptr);
}

QIcon consoleIcon(const Theme& theme, HealthLevel level) {
    return iconOf(theme, &level);
}

std::unique_ptr<TrayFace> systemTrayFace(const Theme& theme) {
    return std::make_unique<SystemTrayFace>(theme);
}

} // namespace mm::gui
