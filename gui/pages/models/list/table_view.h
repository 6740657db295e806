// The table of models as a widget: its columns, keys and looks. GUI thread.
#pragma once

#include <QTableView>

class QStyledItemDelegate;

namespace mm::gui::models {

class ModelSort;

QTableView* makeTableView(ModelSort& rows, QStyledItemDelegate& cells);

} // namespace mm::gui::models
