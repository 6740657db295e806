#include "gui/pages/playground/point_map.h"

#include "gui/theme/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

namespace mm::gui {
namespace {

constexpr double kMargin = 24;
constexpr double kRadius = 5;
constexpr double kNear = 10;
constexpr int kNamed = 20; // more of them are in each other's way

} // namespace

PointMap::PointMap(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setAccessibleName(tr("Map of the texts: what is near means the same"));
}

void PointMap::setPoints(std::vector<QPointF> points, QStringList names) {
    m_points = std::move(points);
    m_names = std::move(names);
    update();
}

QPointF PointMap::placeOf(const QPointF& point) const {
    const double wide = width() / 2.0 - kMargin;
    const double high = height() / 2.0 - kMargin;
    return {width() / 2.0 + point.x() * wide, height() / 2.0 - point.y() * high};
}

void PointMap::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(m_theme.colour(Role::Line));
    painter.drawLine(placeOf({-1, 0}), placeOf({1, 0}));
    painter.drawLine(placeOf({0, -1}), placeOf({0, 1}));
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        const QPointF at = placeOf(m_points[i]);
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.colour(Role::Accent));
        painter.drawEllipse(at, kRadius, kRadius);
        if (m_points.size() > kNamed)
            continue;
        const QString name = QString(QString::number(i + 1) % QStringLiteral("  ") % m_names[static_cast<int>(i)]);
        const bool isLeft = at.x() > width() * 0.6;
        const QRectF room = isLeft ? QRectF(0, at.y() - kNear, at.x() - kNear, 2 * kNear)
                                   : QRectF(at.x() + kNear, at.y() - kNear, width() - at.x() - kNear, 2 * kNear);
        painter.setPen(m_theme.colour(Role::Text));
        painter.drawText(room, Qt::AlignVCenter | (isLeft ? Qt::AlignRight : Qt::AlignLeft),
                         fontMetrics().elidedText(name, Qt::ElideRight, static_cast<int>(room.width())));
    }
}

bool PointMap::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event); // NOLINT: Qt's way
    for (std::size_t i = 0; i < m_points.size(); ++i)
        if ((placeOf(m_points[i]) - help->pos()).manhattanLength() < kNear) {
            QToolTip::showText(help->globalPos(), m_names[static_cast<int>(i)]);
            return true;
        }
    QToolTip::hideText();
    return true;
}

} // namespace mm::gui
