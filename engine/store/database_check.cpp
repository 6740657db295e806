#include "engine/store/database_check.h"

#include "engine/store/migrations.h"
#include "engine/store/sqlite_session.h"

#include <array>
#include <cstring>
#include <fstream>

namespace mm::store {
namespace {

namespace fs = std::filesystem;

// The fixed beginning of every SQLite file.
constexpr std::size_t kHeaderBytes = 100;
constexpr std::size_t kApplicationIdOffset = 68;
constexpr std::string_view kMagic("SQLite format 3\0", 16);
using Header = std::array<char, kHeaderBytes>;

Error damaged(const fs::path& file, const std::string& what, const std::string& advice) {
    return {ErrorCode::StorageDamaged,
            "The database " + file.string() + " " + what + ". It was left untouched. " + advice,
            {{"file", file.string()}, {"reason", what}}};
}

const char* const kRestore = "Restore it from a backup, or move it away to begin an empty one.";
const char* const kElsewhere = "Move it away, or choose another data folder.";

std::int32_t bigEndian(const Header& header, std::size_t offset) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < 4; ++i)
        value = (value << 8U) | static_cast<unsigned char>(header[offset + i]);
    return static_cast<std::int32_t>(value);
}

bool hasLog(const fs::path& file) {
    std::error_code failed;
    const auto bytes = fs::file_size(file.string() + "-wal", failed);
    return !failed && bytes > 0;
}

Result<DatabaseFile> checkMissing(const fs::path& file) {
    if (hasLog(file))
        return damaged(file, "is empty or missing, but its log " + file.string() + "-wal is not",
                       "Restore both from a backup, or move the log away to begin an empty database.");
    return DatabaseFile::New;
}

Result<void> checkHeader(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    Header header{};
    if (!stream)
        return Error{ErrorCode::StorageFailed,
                     "The database " + file.string() + " cannot be read: " + std::strerror(errno) + ".",
                     {{"file", file.string()}}};
    stream.read(header.data(), header.size());
    if (stream.gcount() < static_cast<std::streamsize>(kHeaderBytes) ||
        std::string_view(header.data(), kMagic.size()) != kMagic)
        return damaged(file, "is not a SQLite database", kElsewhere);
    if (bigEndian(header, kApplicationIdOffset) != kApplicationId)
        return damaged(file, "is a SQLite database of another program", kElsewhere);
    return {};
}

Result<void> checkContent(const fs::path& file) {
    // With a log beside it only the two together are a consistent database.
    const auto access = hasLog(file) ? SqliteSession::Access::ReadOnly : SqliteSession::Access::Immutable;
    const auto unreadable = [&file](const Error& error) {
        const auto reason = error.facts.find("reason");
        const std::string why = reason == error.facts.end() ? error.message : std::get<std::string>(reason->second);
        return damaged(file, "is damaged (" + why + ")", kRestore);
    };
    auto session = SqliteSession::open(file, access);
    if (!session.ok())
        return unreadable(session.error());
    const auto check = (*session)->pragma(QStringLiteral("PRAGMA quick_check(1)"));
    if (!check.ok())
        return unreadable(check.error());
    if (const QString verdict = check->toString(); verdict != QStringLiteral("ok"))
        return damaged(file, "is damaged (" + verdict.simplified().toStdString() + ")", kRestore);
    const auto version = schemaVersion(**session);
    if (!version.ok())
        return unreadable(version.error());
    if (*version > newestSchema()) {
        Error error = damaged(file,
                              "has schema " + std::to_string(*version) + ", and this program knows schemas up to " +
                                  std::to_string(newestSchema()),
                              "A newer ModelMora wrote it: use that one, or choose another data folder.");
        error.facts["schema"] = std::int64_t{*version};
        error.facts["newest_known_schema"] = std::int64_t{newestSchema()};
        return error;
    }
    return {};
}

} // namespace

Result<DatabaseFile> checkDatabaseFile(const fs::path& file) {
    std::error_code failed;
    const fs::file_status status = fs::status(file, failed);
    if (status.type() == fs::file_type::not_found)
        return checkMissing(file);
    if (failed)
        return Error{ErrorCode::StorageFailed,
                     "The database " + file.string() + " cannot be looked at: " + failed.message() + ".",
                     {{"file", file.string()}}};
    if (status.type() != fs::file_type::regular)
        return damaged(file, "is not a regular file", kElsewhere);
    if (fs::file_size(file, failed) == 0 && !failed)
        return checkMissing(file);
    MM_CHECK(checkHeader(file));
    MM_CHECK(checkContent(file));
    return DatabaseFile::Ours;
}

} // namespace mm::store
