// What files a model's folder holds, looked at with distrust: a symbolic link that leaves the folder, a pipe or device,
// a name that is not UTF-8, or an endless tree is refused with InvalidModelFiles. Folders whose name begins with '.'
// hold bookkeeping of other programs and are left out. Blocks on the file system; any thread.
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mm::registry {

struct ListedFile {
    std::string path; // relative, '/' between parts
    std::int64_t bytes = 0;
};

struct FolderListing {
    std::filesystem::path root;    // absolute, without symbolic links
    std::vector<ListedFile> files; // sorted by path

    [[nodiscard]] bool has(std::string_view path) const;
};

// Fails with SourceNotFound where there is no such folder.
Result<FolderListing> listFolder(const std::filesystem::path& folder);

} // namespace mm::registry
