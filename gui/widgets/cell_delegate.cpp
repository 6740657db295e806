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
constexpr QSizeF kProgress(110, 5);
constexpr double kTagScale = 0.85;

// What is painted from the left to the right, and how much room is left.
class Line {
public:
    Line(QPainter& painter, const QRectF& room, Theme& theme) : m_painter(painter), m_room(room), m_theme(theme) {}

    void swatch(const QColor& colour) { shape(colour, kSwatch, 3); }
    void dot(const QColor& colour) { shape(colour, kDot, kDot / 2); }
    void progress(double percent) {
        const QRectF track(m_room.left(), m_room.center().y() - kProgress.height() / 2, kProgress.width(),
                           kProgress.height());
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
        const QRectF frame(m_room.left(), m_room.center().y() - metrics.height() / 2 - 1,
                           metrics.horizontalAdvance(words) + 2 * kGap, metrics.height() + 2);
        if (frame.right() > m_room.right())
            return;
        m_painter.setPen(m_theme.colour(Role::Line));
        m_painter.setBrush(Qt::NoBrush);
        m_painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5);
        m_painter.setFont(font);
        m_painter.setPen(m_theme.colour(Role::Muted));
        m_painter.drawText(frame, Qt::AlignCenter, words);
        m_room.setLeft(frame.right() + kGap);
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
    const auto ink = index.data(Qt::ForegroundRole);
    const QColor colour = ink.isValid() ? ink.value<QBrush>().color() : m_theme.colour(Role::Text);
    line.text(words, colour, cell.font, cell.displayAlignment & Qt::AlignHorizontal_Mask);
    if (const auto tag = index.data(TagRole).toString(); !tag.isEmpty())
        line.tag(tag, cell.font);
    line.text(index.data(MutedRole).toString(), m_theme.colour(Role::Muted), cell.font);
    painter->restore();
}

} // namespace mm::gui
