// The table of the models page: which columns, how wide, how painted. GUI thread.
#pragma once

class QTableView;

namespace mm::gui {
class Theme;
} // namespace mm::gui

namespace mm::gui::models {

class ModelSort;

QTableView* makeTableView(ModelSort& rows, Theme& theme);

} // namespace mm::gui::models
