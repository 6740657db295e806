// "file:///…" and folders. Pure text, no look at the disk; any thread. Fails with a ValidationError for "source_url".
#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace mm::registry {

[[nodiscard]] bool isFileUrl(std::string_view url);
// The absolute path it names, percent-decoded. Another host, a query, a fragment or a "." or ".." are refused.
Result<std::filesystem::path> folderOfUrl(std::string_view url);
std::string urlOfFolder(const std::filesystem::path& folder);

} // namespace mm::registry
