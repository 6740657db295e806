#include "engine/registry/files/folder_contents.h"

#include "engine/registry/files/file_hasher.h"
#include "engine/registry/files/folder_listing.h"
#include "engine/registry/files/folder_rules.h"

namespace mm::registry {

Result<Contents> readFolder(const std::filesystem::path& folder, modelmora::v1::TaskType task,
                            std::string_view expectedChecksum, const std::atomic<bool>& stop) {
    MM_TRY(const FolderListing listing, listFolder(folder));
    Contents contents;
    MM_TRY(contents.architecture, checkModelFolder(listing, task));
    contents.folder = listing.root;
    for (const ListedFile& file : listing.files) {
        MM_TRY(FileHash hash, hashFile(listing.root / file.path, stop));
        if (hash.bytes != file.bytes)
            return Error{ErrorCode::InvalidModelFiles,
                         "The file " + (listing.root / file.path).string() +
                             " changed while it was read. Register the folder again when nothing writes to it.",
                         {{"folder", listing.root.string()}, {"file", file.path}}};
        contents.files.push_back({file.path, hash.bytes, std::move(hash.sha256)});
        contents.totalBytes += hash.bytes;
    }
    contents.checksum = manifestChecksum(contents.files);
    if (!expectedChecksum.empty() && contents.checksum != expectedChecksum)
        return Error{ErrorCode::ChecksumMismatch,
                     "The files in " + listing.root.string() + " are not the expected ones: their checksum is " +
                         contents.checksum + ", expected was " + std::string(expectedChecksum) + ".",
                     {{"folder", listing.root.string()},
                      {"expected", std::string(expectedChecksum)},
                      {"found", contents.checksum}}};
    return contents;
}

} // namespace mm::registry
