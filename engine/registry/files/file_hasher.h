// SHA-256 of files, read in pieces, and of a version as a whole. Blocks; any thread; ends early with RequestCancelled
// when `stop` becomes true. Fails with InvalidModelFiles naming the file.
#pragma once

#include "engine/base/result.h"
#include "engine/registry/model_entry.h"

#include <atomic>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace mm::registry {

struct FileHash {
    std::int64_t bytes = 0;
    std::string sha256; // 64 hexadecimal digits
};
Result<FileHash> hashFile(const std::filesystem::path& file, const std::atomic<bool>& stop);

// "sha256:" and the hash of the version's manifest: for each file, sorted by path, the line
// "<sha256> <bytes> <path>\n". So `sha256sum`-like tools can make it again.
std::string manifestChecksum(const std::vector<ModelFile>& sortedFiles);

} // namespace mm::registry
