#include "gui/pages/models/register/collected_folder.h"

#include <QDir>
#include <QStandardPaths>

#include <filesystem>

namespace mm::gui::models {
namespace {

namespace fs = std::filesystem;

Error failed(const fs::path& file, const std::error_code& why) {
    return {ErrorCode::StorageFailed, "The file " + file.string() + " cannot be put there: " + why.message() + "."};
}

bool isThere(const fs::path& source, const fs::path& target) {
    std::error_code fault;
    const auto size = fs::file_size(target, fault);
    return !fault && size == fs::file_size(source, fault) && !fault;
}

Result<void> put(const fs::path& source, const fs::path& target) {
    if (isThere(source, target))
        return {};
    std::error_code fault;
    fs::create_directories(target.parent_path(), fault);
    fs::remove(target, fault);
    fs::create_hard_link(source, target, fault);
    if (fault)
        fs::copy_file(source, target, fault);
    return fault ? Result<void>(failed(target, fault)) : Result<void>();
}

} // namespace

QString collectedFolderFor(const QString& modelId, const QString& folder) {
    const QString data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    QString name = modelId;
    name.replace(QLatin1Char('/'), QStringLiteral("--"));
    return QDir(data).filePath(QStringLiteral("modelmora/models/%1/%2").arg(name, QDir(folder).dirName().left(12)));
}

Result<QString> collect(const QString& from, const QString& to) {
    const fs::path root = from.toStdString();
    const fs::path target = to.toStdString();
    std::error_code fault;
    for (fs::recursive_directory_iterator entry(root, fault), end; entry != end && !fault; entry.increment(fault)) {
        const fs::path source = fs::canonical(entry->path(), fault);
        if (fault)
            return failed(entry->path(), fault);
        if (fs::is_regular_file(source, fault))
            MM_CHECK(put(source, target / entry->path().lexically_relative(root)));
    }
    return fault ? Result<QString>(failed(root, fault)) : Result<QString>(to);
}

} // namespace mm::gui::models
