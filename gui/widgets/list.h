// Short lists of some columns whose items are few and written by hand, all set up alike. Longer ones, and those that
// change while they are read, are tables over a model; see table.h. GUI thread.
#pragma once

#include <QString>
#include <QStringList>

#include <initializer_list>

class QTreeWidget;
class QTreeWidgetItem;

namespace mm::gui {

// `stretched`: the column that takes the room that is left; `numbers`: those whose titles stand at the right.
QTreeWidget* makeList(const QString& objectName, const QString& accessibleName, const QStringList& titles,
                      int stretched, std::initializer_list<int> numbers = {});
void alignRight(QTreeWidgetItem& item, std::initializer_list<int> columns);

} // namespace mm::gui
