// A quick look whether a registered model's folder is still what was registered: it exists, and every file with the
// size it had. No hashing. Reads the file system: not for the engine thread where a folder may be on a slow disk. Fails
// with InvalidModelFiles (or SourceNotFound where the folder is gone) and names the file.
#pragma once

#include "engine/base/result.h"
#include "engine/registry/model_entry.h"

namespace mm::registry {

Result<void> verifyFiles(const ModelEntry& entry);

} // namespace mm::registry
