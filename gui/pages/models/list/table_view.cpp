#include "gui/pages/models/list/table_view.h"

#include "gui/pages/models/list/model_table.h"
#include "gui/theme/theme.h"
#include "gui/widgets/cell_delegate.h"
#include "gui/widgets/table.h"

#include <QHeaderView>
#include <QTableView>

namespace mm::gui::models {
namespace {

constexpr int kRowHeight = 36;
constexpr int kNarrowest = 140; // of the name

// As wide as the widest that is to be expected there.
void setWidths(QTableView& view) {
    const auto wide = [&view](int column, const char* sample, int more = 18) {
        const QFontMetrics metrics(view.font());
        const QString title = view.model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        view.setColumnWidth(column, std::max(metrics.horizontalAdvance(QString::fromUtf8(sample)) + more,
                                             metrics.horizontalAdvance(title) + 14));
    };
    wide(Task, "tensor2tensor", 18);
    wide(State, "loading 100 % w", 68); // the stage in words where it is drawn wider
    wide(Memory, "99.9 GB", 14);
    wide(Predicted, "99.9 GB", 14);
    wide(Running, "9,999");
    wide(Waiting, "99,999");
    wide(Batch, "99.9", 14);
    wide(Latency, "99.9 / 99.9 / 999 ms");
    wide(Rate, "9,999 /s", 52);
    wide(Used, "59 min ago");
    wide(UnloadsIn, "12:00:00");
    wide(Crashes, "999");
}

// The name takes what the others leave, and never less than can be read.
class NameWidth : public QObject {
public:
    explicit NameWidth(QTableView& view) : QObject(&view), m_view(view) {
        view.viewport()->installEventFilter(this);
        connect(view.horizontalHeader(), &QHeaderView::sectionResized, this, [this](int column) {
            if (column != Name)
                fit();
        });
    }

    bool eventFilter(QObject*, QEvent* event) override {
        if (event->type() == QEvent::Resize)
            fit();
        return false;
    }

private:
    void fit() {
        const QHeaderView& header = *m_view.horizontalHeader();
        const int others = header.length() - header.sectionSize(Name);
        m_view.setColumnWidth(Name, std::max(kNarrowest, m_view.viewport()->width() - others));
    }

    QTableView& m_view;
};

} // namespace

QTableView* makeTableView(ModelSort& rows, Theme& theme) {
    QTableView* view = makeTable(rows, QStringLiteral("modelsTable"), QTableView::tr("Models"), kRowHeight);
    view->setItemDelegate(new CellDelegate(theme, view));
    view->setFont(Theme::figures());
    view->setContextMenuPolicy(Qt::CustomContextMenu);
    QHeaderView* header = view->horizontalHeader();
    header->setSectionResizeMode(Name, QHeaderView::Fixed);
    header->setMinimumSectionSize(48);
    setWidths(*view);
    view->setSortingEnabled(true);
    view->sortByColumn(State, Qt::AscendingOrder);
    letColumnsBeChosen(*view, QStringLiteral("models"));
    new NameWidth(*view); // NOLINT: the view's
    return view;
}

} // namespace mm::gui::models
