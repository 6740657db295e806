// The pages of the console, in the order of the navigation.
#pragma once

#include "gui/shell/page.h"

namespace mm::gui {

PageList allPages();

} // namespace mm::gui
