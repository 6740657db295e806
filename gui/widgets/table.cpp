#include "gui/widgets/table.h"

#include "gui/widgets/remembered.h"

#include <QAction>
#include <QCoreApplication>
#include <QHeaderView>
#include <QMenu>
#include <QShortcut>
#include <QTableView>

#include <algorithm>

namespace mm::gui {
namespace {

struct Say {
    Q_DECLARE_TR_FUNCTIONS(mm::gui::Table)
};

// What is done with a table's columns, by menu and by keys.
class Columns : public QObject {
public:
    explicit Columns(QTableView& table)
        : QObject(&table), m_table(table), m_header(*table.horizontalHeader()), m_first(m_header.saveState()) {
        m_header.setContextMenuPolicy(Qt::CustomContextMenu);
        connect(&m_header, &QWidget::customContextMenuRequested, this, [this](const QPoint& at) {
            const int column = m_header.logicalIndexAt(at);
            openMenu(column < 0 ? 0 : column, m_header.viewport()->mapToGlobal(at));
        });
        key(Qt::CTRL | Qt::SHIFT | Qt::Key_C, [this] {
            const int x = m_header.sectionViewportPosition(current());
            openMenu(current(), m_header.viewport()->mapToGlobal(QPoint(std::max(0, x), m_header.height())));
        });
        key(Qt::ALT | Qt::SHIFT | Qt::Key_Left, [this] { move(current(), -1); });
        key(Qt::ALT | Qt::SHIFT | Qt::Key_Right, [this] { move(current(), 1); });
    }

private:
    template <typename Act>
    void key(const QKeySequence& keys, Act act) {
        connect(new QShortcut(keys, &m_table, nullptr, nullptr, Qt::WidgetShortcut), &QShortcut::activated, this, act);
    }

    [[nodiscard]] int current() const { return std::max(0, m_table.currentIndex().column()); }
    [[nodiscard]] QString titleOf(int column) const {
        return m_table.model()->headerData(column, Qt::Horizontal).toString();
    }

    // The next visible place on that side; -1 where there is none.
    [[nodiscard]] int placeBeside(int column, int step) const {
        for (int at = m_header.visualIndex(column) + step; at >= 0 && at < m_header.count(); at += step)
            if (!m_header.isSectionHidden(m_header.logicalIndex(at)))
                return at;
        return -1;
    }

    void move(int column, int step) {
        if (const int to = placeBeside(column, step); to >= 0)
            m_header.moveSection(m_header.visualIndex(column), to);
    }

    void show(int column, bool isShown) {
        m_header.setSectionHidden(column, !isShown);
        if (!isShown && m_table.currentIndex().column() == column) // keys go on to work from one that is seen
            m_table.setCurrentIndex(m_table.currentIndex().siblingAtColumn(0));
    }

    void openMenu(int column, const QPoint& where) {
        auto* menu = new QMenu(&m_table);
        menu->setObjectName(QStringLiteral("columnMenu"));
        menu->setAttribute(Qt::WA_DeleteOnClose);
        const auto add = [&](const QString& text, int step, const QKeySequence& keys) {
            QAction* action = menu->addAction(text.arg(titleOf(column)), this, [=, this] { move(column, step); });
            action->setEnabled(placeBeside(column, step) >= 0);
            action->setShortcut(keys);
        };
        add(Say::tr("Move “%1” to the left"), -1, Qt::ALT | Qt::SHIFT | Qt::Key_Left);
        add(Say::tr("Move “%1” to the right"), 1, Qt::ALT | Qt::SHIFT | Qt::Key_Right);
        menu->addSeparator();
        for (int place = 0; place < m_header.count(); ++place) {
            const int each = m_header.logicalIndex(place);
            QAction* action = menu->addAction(titleOf(each), this, [=, this](bool isShown) { show(each, isShown); });
            action->setCheckable(true);
            action->setChecked(!m_header.isSectionHidden(each));
            action->setEnabled(each != 0);
        }
        menu->addSeparator();
        menu->addAction(Say::tr("As at first"), this, [this] { m_header.restoreState(m_first); });
        menu->popup(where);
    }

    QTableView& m_table;
    QHeaderView& m_header;
    QByteArray m_first;
};

} // namespace

QTableView* makeTable(QAbstractItemModel& model, const QString& objectName, const QString& accessibleName,
                      int rowHeight) {
    auto* table = new QTableView;
    table->setObjectName(objectName);
    table->setAccessibleName(accessibleName);
    table->setModel(&model);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->setShowGrid(false);
    table->setWordWrap(false);
    table->setTabKeyNavigation(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->verticalHeader()->setDefaultSectionSize(std::max(rowHeight, table->fontMetrics().height() + 8));
    table->horizontalHeader()->setHighlightSections(false);
    return table;
}

void setWidths(QTableView& table, std::initializer_list<std::pair<int, int>> widths) {
    for (const auto& [column, width] : widths)
        table.setColumnWidth(column, width);
}

void letColumnsBeChosen(QTableView& table, const QString& name) {
    table.horizontalHeader()->setSectionsMovable(true);
    new Columns(table); // NOLINT: the table's
    rememberColumns(*table.horizontalHeader(), name);
    table.horizontalHeader()->setSectionsMovable(true); // also where an older console remembered otherwise
}

} // namespace mm::gui
