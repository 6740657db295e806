#include "engine/app/settings_keeper/changed_file.h"

#include <QSaveFile>

#include <fcntl.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <cstring>

namespace mm::app {
namespace {

Error notWritten(const std::filesystem::path& file, const std::string& reason) {
    return {ErrorCode::StorageFailed,
            file.string() + " cannot be written: " + reason + ". Nothing was changed; mend that and try again.",
            {{"file", file.string()}}};
}

// A name in a folder is kept only when the folder is.
Result<void> syncFolder(const std::filesystem::path& file) {
    const int folder = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool isKept = folder >= 0 && ::fsync(folder) == 0;
    const int failure = errno;
    if (folder >= 0)
        ::close(folder);
    return isKept ? Result<void>() : Result<void>(notWritten(file, std::strerror(failure)));
}

} // namespace

Result<void> writeChangedSettings(const std::filesystem::path& file, const ChangedSettings& changes) {
    std::error_code failure;
    if (changes.empty()) {
        std::filesystem::remove(file, failure);
        return failure ? Result<void>(notWritten(file, failure.message())) : syncFolder(file);
    }
    YAML::Emitter yaml;
    yaml << YAML::Comment("Changed while the engine ran, by modelmora settings, the console or the API. Flags and\n"
                          "environment variables stand above this file; the configuration file below.");
    yaml << YAML::BeginMap;
    for (const auto& [name, text] : changes)
        yaml << YAML::Key << name << YAML::Value << YAML::DoubleQuoted << text;
    yaml << YAML::EndMap << YAML::Newline;
    QSaveFile out(QString::fromStdString(file.string()));
    if (!out.open(QIODevice::WriteOnly) || out.write(yaml.c_str(), static_cast<qint64>(yaml.size())) < 0 ||
        !out.commit())
        return notWritten(file, out.errorString().toStdString());
    return syncFolder(file);
}

} // namespace mm::app
