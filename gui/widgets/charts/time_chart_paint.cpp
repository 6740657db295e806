// What a TimeChart paints itself: axes at round values, fills, marks, and what the pointer tells.
#include "gui/widgets/charts/time_chart.h"
#include "gui/widgets/figures.h"

#include <QDateTime>
#include <QLocale>
#include <QPainterPath>
#include <QValueAxis>

#include <algorithm>
#include <cmath>

namespace mm::gui {
namespace {

constexpr double kFontScale = 0.85;
constexpr int kLines = 4; // of the grid, the lowest not counted
constexpr double kLabelWidth = 90;
constexpr double kMarkSize = 3.5;
constexpr float kFill = 0.14F;

QFont smaller(QFont font) {
    font.setPointSizeF(font.pointSizeF() * kFontScale);
    return font;
}

QString withUnit(double value, const QString& unit) {
    if (unit == QStringLiteral("bytes"))
        return bytesText(static_cast<std::int64_t>(value));
    return unit.isEmpty() ? numberText(value) : QString(numberText(value) + QLatin1Char(' ') + unit);
}

} // namespace

QString TimeChart::unitOf(bool isRight) const {
    const auto found =
        std::find_if(m_lines.begin(), m_lines.end(), [&](const ChartLine& line) { return line.isRight == isRight; });
    return found == m_lines.end() ? QString() : found->unit;
}

void TimeChart::paintAxes(QPainter& painter) const {
    const QRectF area = plot();
    const double low = area.bottom();
    const auto isKnown = [this](bool isRight) {
        for (std::size_t i = 0; i < m_lines.size(); ++i)
            if (m_lines[i].isRight == isRight && !m_drawn[i].points.empty())
                return true;
        return false;
    };
    for (int i = 0; i <= kLines; ++i) {
        const double y = low - area.height() * i / kLines;
        painter.setPen(QPen(m_theme.colour(Role::Line), 1));
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        painter.setPen(m_theme.colour(Role::Faint));
        const auto label = [&](const QValueAxis* axis, bool isRight) {
            const double value = axis->max() * i / kLines;
            if (unitOf(isRight).isEmpty() && value != std::floor(value))
                return QString(); // there are no halves of requests
            return unitOf(isRight) == QStringLiteral("bytes") ? withUnit(value, unitOf(isRight))
                                                              : axisLabel(value, axis->max(), unitOf(isRight));
        };
        if (isKnown(false) || m_fixedTop > 0)
            painter.drawText(QRectF(0, y - 8, area.left() - 7, 16), Qt::AlignRight | Qt::AlignVCenter,
                             label(m_left, false));
        if (hasRight() && isKnown(true))
            painter.drawText(QRectF(area.right() + 7, y - 8, kLabelWidth, 16), Qt::AlignLeft | Qt::AlignVCenter,
                             label(m_right, true));
    }
    for (const double at : roundTimes(m_span, static_cast<int>(area.width() / kLabelWidth)))
        painter.drawText(QRectF(xOf(at) - kLabelWidth / 2, low + 4, kLabelWidth, 16), Qt::AlignCenter,
                         timeLabel(at, m_span));
}

void TimeChart::paintFills(QPainter& painter) const {
    const QRectF area = plot();
    painter.setPen(Qt::NoPen);
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        if (!m_lines[i].isFilled)
            continue;
        QColor colour = colourOf(m_lines[i]);
        colour.setAlphaF(kFill);
        painter.setBrush(colour);
        for (const Points& piece : m_drawn[i].pieces) {
            QPolygonF shape;
            shape << QPointF(xOf(piece.front().x()), area.bottom());
            for (const QPointF& point : piece)
                shape << QPointF(xOf(point.x()), area.bottom() - point.y() / topOf(m_lines[i]) * area.height());
            shape << QPointF(xOf(piece.back().x()), area.bottom());
            painter.drawPolygon(shape);
        }
    }
}

void TimeChart::drawBackground(QPainter* painter, const QRectF&) {
    painter->save();
    painter->setFont(smaller(font()));
    paintAxes(*painter);
    painter->setClipRect(plot());
    paintFills(*painter);
    painter->restore();
}

void TimeChart::paintMarks(QPainter& painter) const {
    const QRectF area = plot();
    for (const ChartMark& mark : m_marks) {
        if (mark.at < m_span.from || mark.at > m_span.to)
            continue;
        const double x = xOf(mark.at);
        const QColor colour = m_theme.colour(mark.role);
        painter.setPen(QPen(colour, 1, Qt::DashLine));
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour);
        painter.drawEllipse(QPointF(x, area.top()), kMarkSize, kMarkSize);
    }
}

QList<std::pair<QColor, QString>> TimeChart::told(double at) const {
    QList<std::pair<QColor, QString>> lines;
    const double within = std::max(m_step, m_span.length() / 200);
    lines.emplace_back(m_theme.colour(Role::Text),
                       QLocale().toString(QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(at)),
                                          QStringLiteral("ddd d MMM HH:mm:ss")));
    for (std::size_t i = 0; i < m_lines.size(); ++i)
        if (const auto point = nearest(m_drawn[i].points, at, within))
            lines.emplace_back(colourOf(m_lines[i]),
                               m_lines[i].title + QStringLiteral("  ") + withUnit(point->y(), m_lines[i].unit));
    const double near = m_span.length() / 100;
    for (const ChartMark& mark : m_marks)
        if (std::abs(mark.at - at) < near)
            lines.emplace_back(m_theme.colour(mark.role), mark.text);
    return lines;
}

void TimeChart::paintPointer(QPainter& painter) const {
    const QRectF area = plot();
    const double x = xOf(*m_pointer);
    painter.setPen(QPen(m_theme.colour(Role::Muted), 1));
    painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()));
    if (!m_isPointedHere)
        return;
    const auto lines = told(*m_pointer);
    const QFontMetricsF metrics(painter.font());
    double width = 0;
    for (const auto& line : lines)
        width = std::max(width, metrics.horizontalAdvance(line.second));
    width = std::min(width, area.width() * 0.7);
    const double height = metrics.height() + 2;
    QRectF box(x + 10, area.top() + 4, width + 32, height * static_cast<double>(lines.size()) + 10);
    if (box.right() > area.right())
        box.moveRight(x - 10);
    painter.setPen(m_theme.colour(Role::Line));
    painter.setBrush(m_theme.colour(Role::Card));
    painter.drawRoundedRect(box, 6, 6);
    double y = box.top() + 5;
    for (qsizetype i = 0; i < lines.size(); ++i, y += height) {
        if (i > 0) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(lines[i].first);
            painter.drawRoundedRect(QRectF(box.left() + 8, y + height / 2 - 2, 8, 4), 2, 2);
        }
        painter.setPen(m_theme.colour(Role::Text));
        painter.drawText(QRectF(box.left() + (i > 0 ? 22 : 8), y, width + 4, height), Qt::AlignVCenter,
                         metrics.elidedText(lines[i].second, Qt::ElideRight, width + 4));
    }
}

void TimeChart::drawForeground(QPainter* painter, const QRectF&) {
    painter->save();
    painter->setFont(smaller(font()));
    paintMarks(*painter);
    const bool isEmpty =
        std::all_of(m_drawn.begin(), m_drawn.end(), [](const Drawn& each) { return each.points.empty(); });
    if (isEmpty) {
        const QString words = tr("Nothing is known of this time yet.");
        QRectF box = QFontMetricsF(painter->font()).boundingRect(plot(), Qt::AlignCenter | Qt::TextWordWrap, words);
        painter->fillRect(box.adjusted(-8, -4, 8, 4), m_theme.colour(Role::Card));
        painter->setPen(m_theme.colour(Role::Muted));
        painter->drawText(plot(), Qt::AlignCenter | Qt::TextWordWrap, words);
    }
    if (m_dragFrom && std::abs(*m_dragFrom - m_dragTo) > 2) {
        QColor colour = m_theme.colour(Role::Accent);
        colour.setAlphaF(kFill);
        painter->fillRect(QRectF(QPointF(*m_dragFrom, plot().top()), QPointF(m_dragTo, plot().bottom())).normalized(),
                          colour);
    }
    if (m_pointer)
        paintPointer(*painter);
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        painter->setPen(QPen(m_theme.colour(Role::Accent), 1));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(viewport()->rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
    }
    painter->restore();
}

} // namespace mm::gui
