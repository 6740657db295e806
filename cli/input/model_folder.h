// What a model's folder tells of itself, for `register`: an id from its name, a task from its files. Reads two small
// files and changes nothing; nothing here fails, it only finds nothing. Any thread.
#pragma once

#include "modelmora/v1/common.pb.h"

#include <filesystem>
#include <optional>
#include <string>

namespace mm::cli {

// "local/<folder>", or "org/repo" where the folder lies in a Hugging Face cache (models--org--repo/snapshots/…).
std::string guessModelId(const std::filesystem::path& folder);

// From modules.json (sentence-transformers), else from the architectures that config.json names.
std::optional<modelmora::v1::TaskType> guessTask(const std::filesystem::path& folder);

// The folder as a file:// URL with the characters escaped that need it. Wants an absolute path.
std::string fileUrl(const std::filesystem::path& absolute);

} // namespace mm::cli
