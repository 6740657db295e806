#include "engine/registry/files/folder_listing.h"

#include <QByteArrayView>
#include <QString>
#include <QStringDecoder>

#include <algorithm>

namespace mm::registry {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostFiles = 10'000;
constexpr int kDeepest = 16;

Error refused(const fs::path& root, const std::string& file, const std::string& why) {
    return {ErrorCode::InvalidModelFiles,
            "The folder " + root.string() + " cannot be registered: " + (file.empty() ? "it" : "'" + file + "'") + " " +
                why + ".",
            {{"folder", root.string()}, {"file", file}}};
}

Result<fs::path> canonicalRoot(const fs::path& folder) {
    const Facts facts{{"folder", folder.string()}};
    std::error_code failed;
    const fs::path root = fs::canonical(folder, failed);
    if (failed)
        return Error{ErrorCode::SourceNotFound,
                     "The folder " + folder.string() + " cannot be opened: " + failed.message() + ".", facts};
    if (!fs::is_directory(root, failed))
        return Error{ErrorCode::SourceNotFound,
                     folder.string() + " is not a folder. Name the folder that holds config.json.", facts};
    return root;
}

bool isPlainName(const std::string& name) {
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString decoded = decoder.decode(QByteArrayView(name.data(), static_cast<qsizetype>(name.size())));
    return !decoded.isNull() && !decoder.hasError() && std::none_of(name.begin(), name.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
}

bool isWithin(const fs::path& path, const fs::path& root) {
    return std::mismatch(root.begin(), root.end(), path.begin(), path.end()).first == root.end();
}

// Whether the entry is a file to be listed; links to what is within the folder are fine.
Result<bool> isFile(const fs::directory_entry& entry, const fs::path& root, const std::string& name) {
    std::error_code failed;
    if (entry.is_symlink(failed)) {
        const fs::path target = fs::canonical(entry.path(), failed);
        if (failed)
            return refused(root, name, "is a symbolic link that leads nowhere (" + failed.message() + ")");
        if (!isWithin(target, root))
            return refused(root, name,
                           "is a symbolic link out of the folder, to " + target.string() +
                               "; make a copy with the links followed (cp -rL) and register that");
    }
    const fs::file_type type = entry.status(failed).type();
    if (type == fs::file_type::directory)
        return false;
    if (failed || type != fs::file_type::regular)
        return refused(root, name, "is neither a file nor a folder (a pipe, socket or device)");
    return true;
}

} // namespace

bool FolderListing::has(std::string_view path) const {
    return std::any_of(files.begin(), files.end(), [path](const ListedFile& file) { return file.path == path; });
}

Result<FolderListing> listFolder(const fs::path& folder) {
    MM_TRY(const fs::path root, canonicalRoot(folder));
    FolderListing listing{root, {}};
    std::error_code failed;
    auto walk = fs::recursive_directory_iterator(root, failed);
    for (; !failed && walk != fs::recursive_directory_iterator(); walk.increment(failed)) {
        const std::string name = walk->path().lexically_relative(root).generic_string();
        if (!isPlainName(name))
            return refused(root, {}, "holds a file whose name is not UTF-8 or has a control character");
        std::error_code ignored;
        if (walk->is_directory(ignored) && walk->path().filename().string().starts_with('.')) {
            walk.disable_recursion_pending();
            continue;
        }
        if (walk.depth() > kDeepest)
            return refused(root, name, "lies more than " + std::to_string(kDeepest) + " folders deep");
        MM_TRY(const bool file, isFile(*walk, root, name));
        if (!file)
            continue;
        const auto bytes = walk->file_size(failed);
        if (failed)
            break;
        listing.files.push_back({name, static_cast<std::int64_t>(bytes)});
        if (listing.files.size() > kMostFiles)
            return refused(root, {}, "holds more than " + std::to_string(kMostFiles) + " files");
    }
    if (failed)
        return refused(root, {}, "cannot be read (" + failed.message() + ")");
    std::sort(listing.files.begin(), listing.files.end(),
              [](const ListedFile& a, const ListedFile& b) { return a.path < b.path; });
    return listing;
}

} // namespace mm::registry
