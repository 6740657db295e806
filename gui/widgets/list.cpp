#include "gui/widgets/list.h"

#include <QHeaderView>
#include <QTreeWidget>

namespace mm::gui {

QTreeWidget* makeList(const QString& objectName, const QString& accessibleName, const QStringList& titles,
                      int stretched, std::initializer_list<int> numbers) {
    auto* list = new QTreeWidget;
    list->setObjectName(objectName);
    list->setAccessibleName(accessibleName);
    list->setHeaderLabels(titles);
    list->setRootIsDecorated(false);
    list->setUniformRowHeights(true);
    list->setAllColumnsShowFocus(true);
    list->setStyleSheet(QStringLiteral("QTreeView::item { height: 28px; }"));
    list->header()->setStretchLastSection(false);
    list->header()->setSectionResizeMode(stretched, QHeaderView::Stretch);
    alignRight(*list->headerItem(), numbers);
    return list;
}

void alignRight(QTreeWidgetItem& item, std::initializer_list<int> columns) {
    for (const int column : columns)
        item.setTextAlignment(column, Qt::AlignRight | Qt::AlignVCenter);
}

} // namespace mm::gui
