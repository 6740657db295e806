// Tables, all set up alike: whole rows are chosen, one height, no grid, Tab goes on to what comes next. Their columns
// are chosen and put in order by the person who reads them: by dragging, by the menu at the heads (right click, or
// Ctrl+Shift+C in the table, for the column where the cursor stands), and by Alt+Shift+Left and +Right. GUI thread.
#pragma once

#include <QString>

#include <initializer_list>
#include <utility>

class QAbstractItemModel;
class QAbstractItemView;
class QHeaderView;
class QTableView;

namespace mm::gui {

inline constexpr int kTableRow = 30; // pixels, or what the font needs

// One row at a time can be chosen; who needs more says so.
QTableView* makeTable(QAbstractItemModel& model, const QString& objectName, const QString& accessibleName,
                      int rowHeight = kTableRow);
// By column and in pixels.
void setWidths(QTableView& table, std::initializer_list<std::pair<int, int>> widths);

// Its columns from the last time, and from now on as they are left, under that name. Call it when the table looks as
// it shall at first: that is what "as at first" goes back to. The first column always stays visible.
void letColumnsBeChosen(QTableView& table, const QString& name);

} // namespace mm::gui
