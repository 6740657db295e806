// A stamp of what a load would load: the registration, its configuration, and name, size and time of each file. Two
// stamps are equal as long as a load would do the same. Reads the folder's directory entries, not its files; a folder
// that cannot be read has a stamp of its own. Any thread.
#pragma once

#include "engine/lifecycle/ports.h"

#include <string>

namespace mm::lifecycle {

[[nodiscard]] std::string loadStamp(const LoadSpec& spec);

} // namespace mm::lifecycle
