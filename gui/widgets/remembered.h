// Widths of columns and places of splitters, kept from one start to the next under a name. GUI thread.
#pragma once

#include <QString>

class QHeaderView;
class QSplitter;
class QWidget;

namespace mm::gui {

// As it was left last time, and from now on as it is left. A layout of other columns than there are now is not taken.
void rememberColumns(QHeaderView& header, const QString& name);
void rememberSplitter(QSplitter& splitter, const QString& name);
// Size and place of a window; without a memory it stays as it is.
void restoreWindow(QWidget& window, const QString& name);
void rememberWindow(const QWidget& window, const QString& name);

} // namespace mm::gui
