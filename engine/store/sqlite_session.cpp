#include "engine/store/sqlite_session.h"

#include "engine/base/ids.h"
#include "engine/base/log.h"

#include <QStorageInfo>
#include <QUrl>

namespace mm::store {
namespace {

// SQLite's primary result codes; extended ones carry them in the low byte.
enum SqliteCode {
    SqliteBusy = 5,
    SqliteLocked = 6,
    SqliteReadOnly = 8,
    SqliteInputOutput = 10,
    SqliteCorrupt = 11,
    SqliteFull = 13,
    SqliteNotADatabase = 26
};

QString uriOf(const std::filesystem::path& file, SqliteSession::Access access) {
    const QByteArray path = QUrl::toPercentEncoding(QString::fromStdString(file.string()), "/");
    const char* query = access == SqliteSession::Access::Immutable  ? "?immutable=1"
                        : access == SqliteSession::Access::ReadOnly ? "?mode=ro"
                                                                    : "?mode=rwc";
    return QStringLiteral("file:") + QString::fromLatin1(path) + QString::fromLatin1(query);
}

bool isDiskFull(const std::filesystem::path& file) {
    constexpr qint64 kNothingLeft = 1 << 20;
    const QStorageInfo disk(QString::fromStdString(file.parent_path().string()));
    return disk.isValid() && disk.bytesAvailable() < kNothingLeft;
}

} // namespace

SqliteSession::SqliteSession(QString connection, std::filesystem::path file)
    : m_connection(std::move(connection)), m_file(std::move(file)) {}

Result<std::unique_ptr<SqliteSession>> SqliteSession::open(const std::filesystem::path& file, Access access) {
    const QString name = QStringLiteral("store-") + QString::fromStdString(newUuid());
    std::unique_ptr<SqliteSession> session(new SqliteSession(name, file));
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
    if (!database.isValid())
        return Error{ErrorCode::StorageFailed,
                     "Qt's SQLite driver is not installed (Debian package libqt6sql6-sqlite)."};
    QString options = QStringLiteral("QSQLITE_OPEN_URI;QSQLITE_BUSY_TIMEOUT=5000");
    if (access != Access::ReadWrite)
        options += QStringLiteral(";QSQLITE_OPEN_READONLY");
    database.setConnectOptions(options);
    database.setDatabaseName(uriOf(file, access));
    if (!database.open())
        return session->failure(database.lastError());
    return session;
}

SqliteSession::~SqliteSession() {
    m_prepared.clear();
    QSqlDatabase::database(m_connection, false).close();
    QSqlDatabase::removeDatabase(m_connection);
}

Error SqliteSession::failure(const QSqlError& error) const {
    const std::string file = m_file.string();
    const std::string reason = error.databaseText().toStdString();
    const int code = error.nativeErrorCode().toInt() & 0xff;
    Facts facts{{"file", file}, {"reason", reason}, {"sqlite_code", std::int64_t{code}}};
    if (code == SqliteFull || (code == SqliteInputOutput && isDiskFull(m_file)))
        return {ErrorCode::StorageFull,
                "There is no room left to write to " + file + ". Nothing was changed; free some space and try again.",
                facts};
    if (code == SqliteCorrupt || code == SqliteNotADatabase)
        return {ErrorCode::StorageDamaged,
                "The database " + file + " is damaged (" + reason +
                    "). Stop the engine and restore the file from a backup, or move it away to begin an empty one.",
                facts};
    if (code == SqliteBusy || code == SqliteLocked)
        return {ErrorCode::StorageFailed,
                "The database " + file + " is locked by another program. Nothing was changed; try again.", facts};
    if (code == SqliteReadOnly)
        return {ErrorCode::StorageFailed, "The database " + file + " cannot be written: it is read-only.", facts};
    return {ErrorCode::StorageFailed, "The database " + file + " failed: " + reason + ".", facts};
}

Result<QSqlQuery*> SqliteSession::run(const QString& sql, std::initializer_list<QVariant> values) {
    auto at = m_prepared.find(sql);
    if (at == m_prepared.end()) {
        QSqlQuery query(QSqlDatabase::database(m_connection, false));
        query.setForwardOnly(true);
        if (!query.prepare(sql))
            return failure(query.lastError());
        at = m_prepared.emplace(sql, std::move(query)).first;
    }
    QSqlQuery& query = at->second;
    int position = 0;
    for (const QVariant& value : values)
        query.bindValue(position++, value);
    if (query.exec())
        return &query;
    Error error = failure(query.lastError());
    query.finish();
    return error;
}

Result<void> SqliteSession::select(const QString& sql, std::initializer_list<QVariant> values, const Row& row) {
    MM_TRY(QSqlQuery * query, run(sql, values));
    while (query->next())
        row(*query);
    const QSqlError error = query->lastError();
    query->finish();
    if (error.isValid())
        return failure(error);
    return {};
}

Result<int> SqliteSession::execute(const QString& sql, std::initializer_list<QVariant> values) {
    MM_TRY(QSqlQuery * query, run(sql, values));
    const int changed = query->numRowsAffected();
    query->finish();
    return changed;
}

Result<qint64> SqliteSession::insert(const QString& sql, std::initializer_list<QVariant> values) {
    MM_TRY(QSqlQuery * query, run(sql, values));
    const qint64 id = query->lastInsertId().toLongLong();
    query->finish();
    return id;
}

Result<QVariant> SqliteSession::pragma(const QString& sql) {
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    if (!query.exec(sql))
        return failure(query.lastError());
    QVariant value = query.next() ? query.value(0) : QVariant();
    if (query.lastError().isValid())
        return failure(query.lastError());
    return value;
}

Result<void> SqliteSession::begin() {
    MM_CHECK(execute(QStringLiteral("BEGIN IMMEDIATE")));
    return {};
}

Result<void> SqliteSession::commit() {
    auto committed = execute(QStringLiteral("COMMIT"));
    if (committed.ok())
        return {};
    rollBack();
    return std::move(committed).error();
}

void SqliteSession::rollBack() {
    // SQLite has already rolled back by itself after some failures, such as a full disk; then this one is refused.
    if (auto rolledBack = execute(QStringLiteral("ROLLBACK")); !rolledBack.ok())
        log::write(log::Level::Debug, "rollback refused", rolledBack.error());
}

} // namespace mm::store
