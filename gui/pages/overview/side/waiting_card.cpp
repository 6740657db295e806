#include "gui/pages/overview/side/waiting_card.h"

#include "gui/client/engine_state.h"
#include "gui/shell/page.h"
#include "gui/theme/kind.h"
#include "gui/theme/theme.h"
#include "gui/widgets/cell_delegate.h"
#include "gui/widgets/figures.h"
#include "gui/widgets/table.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace mm::gui {
namespace {

constexpr std::size_t kSeen = 6;
constexpr int kRowHeight = 32;

} // namespace

void WaitingTable::show(std::vector<WaitingLine> lines) {
    const int before = rowCount();
    const auto after = static_cast<int>(lines.size());
    if (after < before) {
        beginRemoveRows({}, after, before - 1);
        m_lines = std::move(lines);
        endRemoveRows();
    } else if (after > before) {
        beginInsertRows({}, before, after - 1);
        m_lines = std::move(lines);
        endInsertRows();
    } else {
        m_lines = std::move(lines);
    }
    if (const int same = std::min(before, after); same > 0)
        Q_EMIT dataChanged(index(0, 0), index(same - 1, Columns - 1));
}

int WaitingTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_lines.size());
}

int WaitingTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : Columns;
}

QVariant WaitingTable::data(const QModelIndex& index, int role) const {
    const WaitingLine& line = at(index.row());
    if (role == Qt::DisplayRole) {
        const QString texts[] = {line.place, line.client, shortName(line.modelId), line.waited};
        return texts[index.column()];
    }
    if (role == Qt::ToolTipRole)
        return line.reason.isEmpty() ? line.requestId : line.reason;
    if (role == Qt::TextAlignmentRole)
        return QVariant((index.column() == Waits ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ForegroundRole && index.column() == Place && line.isCritical)
        return QBrush(m_theme.colour(Role::Bad));
    if (role == Qt::AccessibleTextRole && index.column() == Place && line.isCritical)
        return tr("critical");
    return {};
}

QVariant WaitingTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section >= Columns)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section == Waits ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    const QString titles[] = {tr("#"), tr("Client"), tr("Model"), tr("Waits")};
    return role == Qt::DisplayRole ? QVariant(titles[section]) : QVariant();
}

WaitingCard::WaitingCard(const PageContext& context, QWidget* parent)
    : QWidget(parent)
    , m_context(context)
    , m_table(new WaitingTable(context.theme, this))
    , m_view(makeTable(*m_table, QStringLiteral("waiting"), tr("Waiting now"), kRowHeight))
    , m_summary(new QLabel)
    , m_more(new QLabel) {
    auto* heading = new QLabel(tr("Waiting now"));
    setKind(*heading, "heading");
    setKind(*m_summary, "muted");
    setKind(*m_more, "muted");
    m_view->setItemDelegate(new CellDelegate(context.theme, m_view));
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->horizontalHeader()->setMinimumSectionSize(28);
    m_view->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    for (const auto& [column, width] : {std::pair(WaitingTable::Place, 36), std::pair(WaitingTable::Waits, 68)}) {
        m_view->horizontalHeader()->setSectionResizeMode(column, QHeaderView::Fixed);
        m_view->setColumnWidth(column, width);
    }
    connect(m_view, &QTableView::activated, this, [this](const QModelIndex& index) {
        m_context.guide.open(QStringLiteral("queue"), m_table->at(index.row()).requestId);
    });
    auto* row = new QHBoxLayout;
    row->setSpacing(10);
    row->addWidget(heading);
    row->addWidget(m_summary, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(row);
    column->addWidget(m_view);
    column->addWidget(m_more);
    refresh();
}

void WaitingCard::refresh() {
    const WaitingList list = waitingListOf(m_context.state.queue().value_or(v1::QueueReport()), kSeen);
    m_table->show(list.lines);
    m_summary->setText(list.summary);
    m_view->setVisible(!list.lines.empty());
    m_view->setFixedHeight(m_view->horizontalHeader()->sizeHint().height() + m_table->rowCount() * kRowHeight + 2);
    m_more->setText(list.lines.empty() ? tr("Nobody waits.") : list.more);
    m_more->setVisible(!m_more->text().isEmpty());
}

} // namespace mm::gui
