#include "gui/widgets/cell_delegate.h"

#include "gui/theme/theme.h"

#include <QApplication>
#include <QPainter>

#include <algorithm>

namespace mm::gui {
namespace {

constexpr double kGap = 6;
constexpr double kSide = 6;
constexpr double kSwatch = 10;
constexpr double kDot = 9;
constexpr QSizeF kProgress(110, 5);    // at most
constexpr double kProgressShare = 0.4; // of the cell
constexpr double kTagScale = 0.85;

// What is painted from the left to the right, and how much room is left.
class Line {
public:
    Line(QPainter& painter, const QRectF& room, Theme& theme) : m_painter(painter), m_room(room), m_theme(theme) {}

    void swatch(const QColor& colour) { shape(colour, kSwatch, 3); }
    void dot(const QColor& colour) { shape(colour, kDot, kDot / 2); }
    void progress(double percent) {
        const QRectF track(m_room.left(), m_room.center().y() - kProgress.height() / 2,
                           std::min(kProgress.width(), m_room.width() * kProgressShare), kProgress.height());
        const double corner = kProgress.height() / 2;
        fill(track, m_theme.colour(Role::Free), corner);
        QRectF done = track;
        done.setWidth(track.width() * std::clamp(percent, 0.0, 100.0) / 100);
        fill(done, m_theme.colour(Role::Accent), corner);
        m_room.setLeft(track.right() + kGap + 2);
    }
    void text(const QString& words, const QColor& colour, const QFont& font, Qt::Alignment alignment = Qt::AlignLeft) {
        if (words.isEmpty() || m_room.width() <= 0)
            return;
        const QFontMetricsF metrics(font);
        const QString fitting = metrics.elidedText(words, Qt::ElideRight, m_room.width());
        m_painter.setFont(font);
        m_painter.setPen(colour);
        m_painter.drawText(m_room, Qt::AlignVCenter | alignment, fitting);
        m_room.setLeft(m_room.left() + metrics.horizontalAdvance(fitting) + kGap);
    }
    void tag(const QString& words, QFont font) {
        font.setPointSizeF(font.pointSizeF() * kTagScale);
        const QFontMetricsF metrics(font);
        const double width = std::min(metrics.horizontalAdvance(words) + 2 * kGap, m_room.width());
        if (width < 4 * kGap)
            return;
        const QRectF frame(m_room.left(), m_room.center().y() - metrics.height() / 2 - 1, width, metrics.height() + 2);
        m_painter.setPen(m_theme.colour(Role::Line));
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
        m_painter.setFont(font);
        m_painter.setPen(m_theme.colour(Role::Muted));
        m_painter.drawText(frame, Qt::AlignCenter, metrics.elidedText(words, Qt::ElideRight, width - kGap));
        m_room.setLeft(frame.right() + kGap);
    }

    // Left of the words, which keep their room.
    void spark(const QList<double>& values, const QColor& colour, double words) {
        constexpr double kNarrowest = 24;
        constexpr double kMargin = 0.28; // of the height, above and below
        const QRectF area(m_room.left(), m_room.top() + m_room.height() * kMargin, m_room.width() - words - kGap,
                          m_room.height() * (1 - 2 * kMargin));
        const double most = *std::max_element(values.begin(), values.end());
        if (area.width() < kNarrowest || most <= 0)
            return;
        QPolygonF line;
        for (qsizetype i = 0; i < values.size(); ++i)
            line << QPointF(area.left() +
                                area.width() * static_cast<double>(i) / static_cast<double>(values.size() - 1),
                            area.bottom() - area.height() * values[i] / most);
        m_painter.setPen(QPen(colour, 1.5));
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawPolyline(line);
    }

private:
    void fill(const QRectF& place, const QColor& colour, double corner) {
        m_painter.setPen(Qt::NoPen);
        m_painter.setBrush(colour);
        m_painter.drawRoundedRect(place, corner, corner);
    }
    void shape(const QColor& colour, double size, double corner) {
        fill({m_room.left(), m_room.center().y() - size / 2, size, size}, colour, corner);
        m_room.setLeft(m_room.left() + size + kGap);
    }

    QPainter& m_painter;
    QRectF m_room;
    Theme& m_theme;
};

} // namespace

CellDelegate::CellDelegate(Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

void CellDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    QStyleOptionViewItem cell(option);
    initStyleOption(&cell, index);
    const QString words = cell.text;
    cell.text.clear();
    const QStyle* style = cell.widget != nullptr ? cell.widget->style() : QApplication::style();
    style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    Line line(*painter, QRectF(option.rect).adjusted(kSide, 0, -kSide, 0), m_theme);
    if (const auto swatch = index.data(SwatchRole); swatch.isValid())
        line.swatch(swatch.value<QColor>());
    if (const auto dot = index.data(DotRole); dot.isValid())
        line.dot(dot.value<QColor>());
    if (const auto progress = index.data(ProgressRole); progress.isValid())
        line.progress(progress.toDouble());
    QFont bold = cell.font;
    bold.setWeight(QFont::DemiBold);
    if (const auto lead = index.data(LeadRole); lead.isValid())
        line.text(lead.toString(), index.data(LeadColourRole).value<QColor>(), bold);
    if (const auto values = index.data(SparkRole).value<QList<double>>(); values.size() > 1)
        line.spark(values, index.data(SparkColourRole).value<QColor>(),
                   QFontMetricsF(cell.font).horizontalAdvance(QStringLiteral("9,999 /s")));
    const auto ink = index.data(Qt::ForegroundRole);
    const QColor colour = ink.isValid() ? ink.value<QBrush>().color() : m_theme.colour(Role::Text);
    if (index.data(FramedRole).toBool())
        line.tag(words, cell.font);
    else
        line.text(words, colour, cell.font, cell.displayAlignment & Qt::AlignHorizontal_Mask);
    if (const auto tag = index.data(TagRole).toString(); !tag.isEmpty())
        line.tag(tag, cell.font);
    line.text(index.data(MutedRole).toString(), m_theme.colour(Role::Muted), cell.font);
    painter->restore();
}

} // namespace mm::gui
