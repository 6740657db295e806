#include "gui/pages/playground/point_map.h"

#include "gui/theme/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace mm::gui {
namespace {

constexpr double kMargin = 24;
constexpr double kRadius = 5;
constexpr double kNear = 10;
constexpr int kNamed = 20; // more of them are in each other's way

constexpr double kWidestName = 0.45; // of the map

} // namespace

std::vector<QRectF> placeNames(const std::vector<QPointF>& points, const std::vector<double>& widths, double height,
                               const QRectF& inside) {
    std::vector<QRectF> taken;
    for (const QPointF& at : points)
        taken.emplace_back(at.x() - kRadius, at.y() - kRadius, 2 * kRadius, 2 * kRadius);
    std::vector<QRectF> names;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const QPointF& at = points[i];
        const double wide = widths[i];
        const double left =
            std::clamp(at.x() - wide / 2, inside.left(), std::max(inside.left(), inside.right() - wide));
        const QPointF corners[] = {{at.x() + kNear, at.y() - height / 2},
                                   {at.x() - kNear - wide, at.y() - height / 2},
                                   {left, at.y() - kNear - height},
                                   {left, at.y() + kNear}};
        QRectF place;
        for (const QPointF& corner : corners) {
            const QRectF here(corner, QSizeF(wide, height));
            if (inside.contains(here) &&
                std::none_of(taken.begin(), taken.end(), [&](const QRectF& other) { return other.intersects(here); })) {
                place = here;
                break;
            }
        }
        if (!place.isEmpty())
            taken.push_back(place);
        names.push_back(place);
    }
    return names;
}

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
    std::vector<QPointF> places;
    for (const QPointF& point : m_points)
        places.push_back(placeOf(point));
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.colour(Role::Accent));
    for (const QPointF& at : places)
        painter.drawEllipse(at, kRadius, kRadius);
    if (m_points.size() > kNamed)
        return;
    QStringList names;
    std::vector<double> widths;
    for (std::size_t i = 0; i < m_points.size(); ++i) {
        const QString name = QString(QString::number(i + 1) % QStringLiteral("  ") % m_names[static_cast<int>(i)]);
        names << fontMetrics().elidedText(name, Qt::ElideRight, static_cast<int>(width() * kWidestName));
        widths.push_back(fontMetrics().horizontalAdvance(names.back()));
    }
    painter.setPen(m_theme.colour(Role::Text));
    const std::vector<QRectF> rooms = placeNames(places, widths, fontMetrics().height(), rect());
    for (std::size_t i = 0; i < rooms.size(); ++i)
        if (!rooms[i].isEmpty())
            painter.drawText(rooms[i], Qt::AlignVCenter | Qt::AlignLeft | Qt::TextDontClip, names[static_cast<int>(i)]);
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
