#include "gui/pages/queue/queue_view.h"

#include "gui/theme/palette.h"
#include "gui/theme/theme.h"

#include <QHeaderView>
#include <QLocale>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>

#include <algorithm>

namespace mm::gui {
namespace {

constexpr int kRowHeight = 32;
constexpr int kDot = 10;
constexpr int kGap = 8;

// Red, orange, blue, teal of the models' colours, beside the lane's word.
QColor laneColour(const Theme& theme, Lane lane) {
    switch (lane) {
    case Lane::Critical:
        return theme.colour(Role::Bad);
    case Lane::High:
        return modelColourOf(theme.shade(), 1);
    case Lane::Normal:
        return modelColourOf(theme.shade(), 0);
    case Lane::Low:
        return modelColourOf(theme.shade(), 4);
    }
    return {};
}

class LaneDelegate : public QStyledItemDelegate {
public:
    LaneDelegate(const QueueModel& model, const Theme& theme, QObject* parent)
        : QStyledItemDelegate(parent), m_model(model), m_theme(theme) {}

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        if (m_model.entryAt(index) != nullptr)
            return QStyledItemDelegate::paint(painter, option, index);
        const auto lane = static_cast<Lane>(index.row());
        painter->save();
        painter->fillRect(option.rect, m_theme.colour(Role::Window));
        painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
                          m_theme.colour(Role::Line));
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(laneColour(m_theme, lane));
        const QRect dot(option.rect.left() + kGap, option.rect.center().y() - kDot / 2, kDot, kDot);
        painter->drawRoundedRect(dot, 2, 2);
        QFont bold = option.font;
        bold.setWeight(QFont::DemiBold);
        painter->setFont(bold);
        painter->setPen(m_theme.colour(Role::Text));
        QRect text = option.rect.adjusted(2 * kGap + kDot, 0, 0, 0);
        painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft, laneName(lane));
        text.adjust(QFontMetrics(bold).horizontalAdvance(laneName(lane)) + kGap, 0, 0, 0);
        painter->setFont(option.font);
        painter->setPen(m_theme.colour(Role::Muted));
        painter->drawText(text, Qt::AlignVCenter | Qt::AlignLeft, QLocale().toString(m_model.totalOf(lane)));
        painter->restore();
    }

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
        return {QStyledItemDelegate::sizeHint(option, index).width(),
                std::max(kRowHeight, option.fontMetrics.height() + 3 * kGap / 2)};
    }

private:
    const QueueModel& m_model;
    const Theme& m_theme;
};

} // namespace

QueueView::QueueView(QueueModel& model, Theme& theme, QWidget* parent) : QTreeView(parent), m_model(model) {
    setModel(&model);
    setItemDelegate(new LaneDelegate(model, theme, this));
    setUniformRowHeights(true);
    setRootIsDecorated(false);
    setIndentation(0);
    setSelectionMode(ExtendedSelection);
    setAllColumnsShowFocus(true);
    setDragDropMode(DragDrop);
    setDefaultDropAction(Qt::MoveAction);
    setDropIndicatorShown(true);
    setDragDropOverwriteMode(true);
    setContextMenuPolicy(Qt::ActionsContextMenu);
    setAccessibleName(tr("Requests that run and wait, by priority"));
    for (int lane = 0; lane < kLanes; ++lane)
        setFirstColumnSpanned(lane, {}, true);
    expandAll();
    header()->setMinimumSectionSize(24);
    header()->setSectionsMovable(false);
    header()->setStretchLastSection(false);
    const std::pair<int, int> widths[] = {
        {QueueModel::Number, 48}, {QueueModel::Client, 112},  {QueueModel::Model, 168},   {QueueModel::Waited, 78},
        {QueueModel::Starts, 88}, {QueueModel::Deadline, 88}, {QueueModel::Because, 200}, {QueueModel::Menu, 32}};
    for (const auto& [column, width] : widths)
        header()->resizeSection(column, width);
    header()->setSectionResizeMode(QueueModel::Because, QHeaderView::Stretch);
    header()->setSectionResizeMode(QueueModel::Menu, QHeaderView::Fixed);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &QueueView::choiceChanged);
    connect(this, &QTreeView::clicked, this, [this](const QModelIndex& index) {
        if (index.column() == QueueModel::Menu && m_model.entryAt(index) != nullptr)
            Q_EMIT menuWanted(viewport()->mapToGlobal(visualRect(index).bottomLeft()));
    });
}

std::vector<v1::QueueEntry> QueueView::chosen() const {
    QModelIndexList rows = selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end(), [](const QModelIndex& one, const QModelIndex& other) {
        return one.internalId() != other.internalId() ? one.internalId() < other.internalId() : one.row() < other.row();
    });
    std::vector<v1::QueueEntry> entries;
    for (const QModelIndex& row : rows)
        if (const auto* entry = m_model.entryAt(row))
            entries.push_back(*entry);
    return entries;
}

std::array<RowRange, kLanes> QueueView::seen() const {
    std::array<RowRange, kLanes> ranges;
    const int bottom = viewport()->height();
    for (QModelIndex at = indexAt({1, 1}); at.isValid() && visualRect(at).top() < bottom; at = indexBelow(at)) {
        if (m_model.entryAt(at) == nullptr)
            continue;
        RowRange& range = ranges[at.internalId() - 1];
        if (range.last < range.first)
            range.first = at.row();
        range.last = at.row();
    }
    return ranges;
}

double QueueView::depth() const {
    const QScrollBar* bar = verticalScrollBar();
    return bar->maximum() > 0 ? static_cast<double>(bar->value()) / bar->maximum() : 0;
}

// A lane is a heading: it is neither chosen nor pointed at.
void QueueView::drawRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    if (m_model.entryAt(index) != nullptr)
        return QTreeView::drawRow(painter, option, index);
    QStyleOptionViewItem plain = option;
    plain.state &= ~(QStyle::State_HasFocus | QStyle::State_MouseOver | QStyle::State_Selected);
    const QRect all(0, option.rect.top(), viewport()->width(), option.rect.height());
    plain.rect = all;
    itemDelegate()->paint(painter, plain, index);
    if (currentIndex() == index && hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        painter->setPen(palette().color(QPalette::Highlight));
        painter->setBrush(Qt::NoBrush);
        painter->drawRect(all.adjusted(0, 0, -1, -1));
    }
}

bool QueueView::choose(const std::string& requestId) {
    const QModelIndex index = m_model.indexOf(requestId);
    if (!index.isValid())
        return false;
    selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    scrollTo(index);
    return true;
}

} // namespace mm::gui
