#include "engine/store/database.h"

#include "engine/store/database_check.h"
#include "engine/store/migrations.h"

namespace mm::store {
namespace {

// Made once: the application id goes in before the write-ahead log begins, so that the file itself carries it.
Result<void> prepareConnection(SqliteSession& session, DatabaseFile state, const DatabaseOptions& options) {
    if (state == DatabaseFile::New)
        MM_CHECK(session.pragma(QStringLiteral("PRAGMA application_id = %1").arg(kApplicationId)));
    MM_TRY(const QVariant mode, session.pragma(QStringLiteral("PRAGMA journal_mode = WAL")));
    if (mode.toString() != QStringLiteral("wal"))
        return Error{ErrorCode::StorageFailed,
                     "The database cannot keep a write-ahead log where it is (SQLite chose '" +
                         mode.toString().toStdString() + "'). Put the data folder on a local disk."};
    MM_CHECK(session.pragma(options.durability == Durability::Machine ? QStringLiteral("PRAGMA synchronous = FULL")
                                                                      : QStringLiteral("PRAGMA synchronous = NORMAL")));
    MM_CHECK(session.pragma(QStringLiteral("PRAGMA foreign_keys = ON")));
    if (options.maxPages > 0)
        MM_CHECK(session.pragma(QStringLiteral("PRAGMA max_page_count = %1").arg(options.maxPages)));
    return {};
}

} // namespace

Result<std::unique_ptr<SqliteSession>> openDatabase(const DatabaseOptions& options) {
    DatabaseFile state = DatabaseFile::Ours;
    if (!options.prepared) {
        MM_TRY(state, checkDatabaseFile(options.file));
    }
    MM_TRY(auto session, SqliteSession::open(options.file, SqliteSession::Access::ReadWrite));
    MM_CHECK(prepareConnection(*session, state, options));
    if (!options.prepared)
        MM_CHECK(migrateTo(*session, newestSchema(), options.now));
    return session;
}

QString toText(std::string_view text) {
    return QString::fromUtf8(text.empty() ? "" : text.data(), static_cast<qsizetype>(text.size()));
}

qint64 toStored(WallTime time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

WallTime fromStored(const QVariant& value) {
    return WallTime(std::chrono::milliseconds(value.toLongLong()));
}

} // namespace mm::store
