#include "engine/registry/files/verify_files.h"

#include <filesystem>

namespace mm::registry {
namespace {

namespace fs = std::filesystem;

Error changed(const ModelEntry& entry, const std::string& file, const std::string& what) {
    return {ErrorCode::InvalidModelFiles,
            "The file " + (fs::path(entry.path) / file).string() + " " + what + " since " + entry.modelId + "@" +
                entry.version + " was registered. Put it back, or delete the version and register the folder again.",
            {{"folder", entry.path}, {"file", file}, {"model", entry.modelId}, {"version", entry.version}}};
}

} // namespace

Result<void> verifyFiles(const ModelEntry& entry) {
    const Facts facts{{"folder", entry.path}, {"model", entry.modelId}, {"version", entry.version}};
    if (entry.path.empty())
        return Error{ErrorCode::SourceNotFound,
                     "The files of " + entry.modelId + "@" + entry.version + " are not here yet (its status is " +
                         std::string(toString(entry.status)) + ").",
                     facts};
    std::error_code failed;
    if (!fs::is_directory(entry.path, failed))
        return Error{ErrorCode::SourceNotFound,
                     "The folder " + entry.path + " of " + entry.modelId + "@" + entry.version +
                         " is gone. Put it back, or delete the version and register it from where it is now.",
                     facts};
    for (const ModelFile& file : entry.files) {
        const fs::path path = fs::path(entry.path) / file.path;
        if (!fs::is_regular_file(path, failed))
            return changed(entry, file.path, "has gone or cannot be read");
        const auto bytes = fs::file_size(path, failed);
        if (failed || static_cast<std::int64_t>(bytes) != file.bytes)
            return changed(entry, file.path,
                           "has changed its size (" + std::to_string(bytes) + " bytes, " + std::to_string(file.bytes) +
                               " registered)");
    }
    return {};
}

} // namespace mm::registry
