// The file that keeps what was changed while the engine ran. Blocks; any one thread at a time.
#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <map>
#include <string>

namespace mm::app {

// By the setting's name.
using ChangedSettings = std::map<std::string, std::string>;

// On the disk, whole, when this returns; without any changes there is no file. On failure the old one stands.
Result<void> writeChangedSettings(const std::filesystem::path& file, const ChangedSettings& changes);

} // namespace mm::app
