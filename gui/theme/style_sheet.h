// What the palette alone cannot say: edges, corners and gaps of the standard widgets.
#pragma once

#include "gui/theme/theme.h"

#include <QString>

namespace mm::gui {

// Widgets opt in by a property: a QFrame with kind="card", a QPushButton with kind="primary" or "danger", a QLabel with
// kind="muted", "faint", "title", "heading", "bad", "warning" or "good".
QString styleSheetOf(Shade shade);

} // namespace mm::gui
