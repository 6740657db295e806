// What an unload does to those who use the model just now. Pure.
#pragma once

#include "gui/pages/models/list/model_row.h"
#include "modelmora/v1/management.pb.h"

namespace mm::gui::models {

// Empty: nobody is using it, so that there is nothing to ask about.
QString unloadText(const ModelRow& row);

// What a kill does to them.
QString killText(const ModelRow& row);

// How either went.
QString unloadedText(const QString& model, const v1::UnloadModelResponse& answer);

} // namespace mm::gui::models
