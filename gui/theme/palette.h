// The colours of each shade: a table.
#pragma once

#include "gui/theme/theme.h"

namespace mm::gui {

inline constexpr std::size_t kModelColours = 6;

QColor colourOf(Shade shade, Role role);
QColor modelColourOf(Shade shade, std::size_t number);

} // namespace mm::gui
