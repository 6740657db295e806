#include "gui/pages/models/list/table_view.h"

#include "gui/pages/models/list/model_table.h"
#include "gui/theme/theme.h"

#include <QHeaderView>
#include <QStyledItemDelegate>

namespace mm::gui::models {
namespace {

constexpr int kRowHeight = 36;

// As wide as the widest that is to be expected there.
void setWidths(QTableView& view) {
    const auto wide = [&view](int column, const char* sample, int more = 18) {
        const QFontMetrics metrics(view.font());
        const QString title = view.model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        view.setColumnWidth(column, std::max(metrics.horizontalAdvance(QString::fromUtf8(sample)) + more,
                                             metrics.horizontalAdvance(title) + 26)); // the arrow of the order
    };
    wide(Task, "tensor2tensor", 28);
    wide(State, "loading 100 %  weights", 16);
    wide(Memory, "(99.99)");
    wide(Running, "9,999");
    wide(Waiting, "99,999");
    wide(Batch, "99.9");
    wide(Latency, "99,999 / 99,999");
    wide(Rate, "9,999 /s", 72);
    wide(Used, "59 min");
    wide(UnloadsIn, "12:00:00");
    wide(Crashes, "999");
}

} // namespace

QTableView* makeTableView(ModelSort& rows, QStyledItemDelegate& cells) {
    auto* view = new QTableView;
    view->setObjectName(QStringLiteral("modelsTable"));
    view->setAccessibleName(QTableView::tr("Models"));
    view->setModel(&rows);
    view->setItemDelegate(&cells);
    view->setFont(Theme::figures());
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    view->setContextMenuPolicy(Qt::CustomContextMenu);
    view->setShowGrid(false);
    view->setWordWrap(false);
    view->setTabKeyNavigation(false);
    view->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    view->verticalHeader()->hide();
    view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view->verticalHeader()->setDefaultSectionSize(std::max(kRowHeight, view->fontMetrics().height() + 16));
    QHeaderView* header = view->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionsMovable(true);
    header->setSectionResizeMode(QHeaderView::Interactive);
    header->setSectionResizeMode(Name, QHeaderView::Stretch);
    header->setMinimumSectionSize(48);
    setWidths(*view);
    view->setSortingEnabled(true);
    view->sortByColumn(State, Qt::AscendingOrder);
    return view;
}

} // namespace mm::gui::models
