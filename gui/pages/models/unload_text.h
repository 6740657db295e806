// What an unload does to those who use the model just now. Pure.
#pragma once

#include "gui/pages/models/list/model_row.h"

namespace mm::gui::models {

// Empty: nobody is using it, so that there is nothing to ask about.
QString unloadText(const ModelRow& row);

} // namespace mm::gui::models
