// A Hugging Face cache holds a model as links out of its folder, which the engine refuses, since what they lead to may
// change. Here the files are put together in a folder of their own: as further names of the same files where that is
// possible, which takes no room, otherwise as copies. Blocks; any thread.
#pragma once

#include "engine/base/result.h"

#include <QString>

namespace mm::gui::models {

// Where it goes: beside the user's other data, by id and revision.
QString collectedFolderFor(const QString& modelId, const QString& folder);

// Files that are there already, with the size that they should have, stay. StorageFailed names the file otherwise.
Result<QString> collect(const QString& from, const QString& to);

} // namespace mm::gui::models
