// A local folder as the contents of a version: listed, checked against the task, every file hashed. Blocks for as long
// as reading the files takes: for a worker thread. Fails as its parts do, and with ChecksumMismatch.
#pragma once

#include "engine/base/result.h"
#include "engine/registry/model_entry.h"

#include <atomic>
#include <filesystem>
#include <string_view>

namespace mm::registry {

// `expectedChecksum` may be empty: then any is accepted.
Result<Contents> readFolder(const std::filesystem::path& folder, modelmora::v1::TaskType task,
                            std::string_view expectedChecksum, const std::atomic<bool>& stop);

} // namespace mm::registry
