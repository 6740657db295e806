#include "gui/pages/models/list/model_cells.h"

#include "gui/pages/models/list/model_table.h"
#include "gui/theme/theme.h"

#include <QApplication>
#include <QPainter>
#include <QPainterPath>
#include <QSortFilterProxyModel>

#include <algorithm>

namespace mm::gui::models {
namespace {

constexpr int kPadding = 8;
constexpr int kDot = 9;
constexpr int kProgressWidth = 60;
constexpr int kProgressHeight = 5;

const ModelRow* rowOf(const QModelIndex& index) {
    const auto* sort = qobject_cast<const QSortFilterProxyModel*>(index.model());
    if (sort == nullptr)
        return nullptr;
    return static_cast<const ModelTable*>(sort->sourceModel())->at(sort->mapToSource(index).row());
}

} // namespace

Role roleOf(Condition condition) {
    switch (condition) {
    case Condition::Failed:
        return Role::Bad;
    case Condition::Waiting:
    case Condition::Leaving:
        return Role::Warning;
    case Condition::Loading:
    case Condition::Busy:
        return Role::Accent;
    case Condition::Ready:
        return Role::Good;
    case Condition::Unloaded:
        break;
    }
    return Role::Faint;
}

void ModelCells::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const ModelRow* row = rowOf(index);
    const int column = index.column();
    if (row == nullptr || (column != Task && column != State && column != Rate && column != Crashes))
        return QStyledItemDelegate::paint(painter, option, index);
    QStyleOptionViewItem cell = option;
    initStyleOption(&cell, index);
    const QString text = cell.text;
    cell.text.clear();
    QApplication::style()->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setFont(cell.font);
    painter->setClipRect(option.rect);
    const QRect inside = option.rect.adjusted(kPadding, 0, -kPadding, -1);
    if (column == Task) {
        paintTag(*painter, inside, text);
    } else if (column == State) {
        paintState(*painter, inside, *row);
    } else if (column == Rate) {
        paintRate(*painter, inside, *row, text);
    } else {
        painter->setPen(m_theme.colour(row->crashes > 0 ? Role::Bad : Role::Text));
        painter->drawText(inside, Qt::AlignRight | Qt::AlignVCenter, text);
    }
    painter->restore();
}

void ModelCells::paintTag(QPainter& painter, const QRect& cell, const QString& text) const {
    QFont small = painter.font();
    small.setPointSizeF(small.pointSizeF() * 0.88);
    painter.setFont(small);
    const QFontMetrics metrics(small);
    const int width = std::min(metrics.horizontalAdvance(text) + 12, cell.width());
    const int height = metrics.height() + 2;
    const QRectF frame(cell.left() + 0.5, cell.center().y() - height / 2.0 + 0.5, width, height);
    painter.setPen(m_theme.colour(Role::Line));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(frame, 5, 5);
    painter.setPen(m_theme.colour(Role::Muted));
    painter.drawText(frame, Qt::AlignCenter, metrics.elidedText(text, Qt::ElideRight, width - 8));
}

void ModelCells::paintState(QPainter& painter, const QRect& cell, const ModelRow& row) const {
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.colour(roleOf(row.condition)));
    painter.drawEllipse(QRectF(cell.left(), cell.center().y() - kDot / 2.0 + 0.5, kDot, kDot));
    QRect words = cell.adjusted(kDot + 7, 0, 0, 0);
    const QFontMetrics metrics(painter.font());
    painter.setPen(m_theme.colour(row.condition == Condition::Failed ? Role::Bad : Role::Text));
    painter.drawText(words, Qt::AlignVCenter, metrics.elidedText(row.state, Qt::ElideRight, words.width()));
    words.setLeft(words.left() + metrics.horizontalAdvance(row.state) + 8);
    if (!row.percent || words.width() < kProgressWidth / 2)
        return;
    const QRectF bar(words.left(), cell.center().y() - kProgressHeight / 2.0 + 0.5,
                     std::min(words.width(), kProgressWidth), kProgressHeight);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.colour(Role::Free));
    painter.drawRoundedRect(bar, 2.5, 2.5);
    painter.setBrush(m_theme.colour(Role::Accent));
    painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * *row.percent / 100, bar.height()), 2.5, 2.5);
    words.setLeft(static_cast<int>(bar.right()) + 8);
    painter.setPen(m_theme.colour(Role::Muted));
    painter.drawText(words, Qt::AlignVCenter, metrics.elidedText(row.detail, Qt::ElideRight, words.width()));
}

void ModelCells::paintRate(QPainter& painter, const QRect& cell, const ModelRow& row, const QString& text) const {
    const QFontMetrics metrics(painter.font());
    painter.setPen(m_theme.colour(row.rate ? Role::Text : Role::Faint));
    painter.drawText(cell, Qt::AlignRight | Qt::AlignVCenter, text);
    const int room = cell.width() - metrics.horizontalAdvance(QStringLiteral("9,999 /s")) - 8;
    const double most = row.rates.empty() ? 0 : *std::max_element(row.rates.begin(), row.rates.end());
    if (row.rates.size() < 2 || room < 24 || most <= 0)
        return;
    const QRectF area(cell.left(), cell.top() + cell.height() * 0.28, room, cell.height() * 0.44);
    QPainterPath line;
    for (std::size_t i = 0; i < row.rates.size(); ++i) {
        const QPointF point(area.left() +
                                area.width() * static_cast<double>(i) / static_cast<double>(row.rates.size() - 1),
                            area.bottom() - area.height() * row.rates[i] / most);
        if (i == 0)
            line.moveTo(point);
        else
            line.lineTo(point);
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(m_theme.modelColour(row.id), 1.5));
    painter.drawPath(line);
}

} // namespace mm::gui::models
