// The model that comes with ModelMora, where it lies on this machine. Looks at the disk; any thread.
#pragma once

#include <QString>
#include <QStringList>

namespace mm::gui {

inline constexpr const char* kPackagedName = "all-MiniLM-L6-v2";
inline constexpr const char* kPackagedId = "sentence-transformers/all-MiniLM-L6-v2";

// Where folders of packaged models may be: MODELMORA_MODELS, beside an installed program, in a source tree.
QStringList packageFolders();
// Its folder; empty where it is in none of them.
QString findPackagedModel(const QStringList& folders);

} // namespace mm::gui
