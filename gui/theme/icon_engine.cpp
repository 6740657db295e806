#include "gui/theme/icon_engine.h"

#include <QFile>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

namespace mm::gui {

SvgIconEngine::SvgIconEngine(const Theme& theme, QString path, Role role)
    : m_theme(&theme), m_path(std::move(path)), m_role(role) {}

void SvgIconEngine::paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) {
    QFile file(m_path);
    if (!m_theme || !file.open(QIODevice::ReadOnly))
        return;
    QSvgRenderer renderer(file.readAll().replace("currentColor", m_theme->colour(m_role).name().toLatin1()));
    if (mode == QIcon::Disabled)
        painter->setOpacity(0.45);
    renderer.render(painter, rect);
}

QPixmap SvgIconEngine::pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) {
    QPixmap pixmap(size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paint(&painter, QRect(QPoint(), size), mode, state);
    return pixmap;
}

} // namespace mm::gui
