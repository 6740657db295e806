// One connection to a SQLite database through Qt Sql: statements prepared once, everything written within transactions,
// failures as Errors (StorageFull where the disk or the page limit is full). Belongs to the thread that opened it.
#pragma once

#include "engine/base/result.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QString>
#include <QVariant>

#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>

namespace mm::store {

class SqliteSession {
public:
    enum class Access {
        ReadWrite, // made if missing
        ReadOnly,  // sees a write-ahead log, changes nothing in database or log
        Immutable, // the file alone, nothing beside it is read or made
    };
    static Result<std::unique_ptr<SqliteSession>> open(const std::filesystem::path& file, Access access);
    ~SqliteSession();
    SqliteSession(const SqliteSession&) = delete;
    SqliteSession& operator=(const SqliteSession&) = delete;

    // Runs a statement and gives its rows; prepared at first use, under its own text.
    using Row = std::function<void(const QSqlQuery&)>;
    Result<void> select(const QString& sql, std::initializer_list<QVariant> values, const Row& row);
    // Gives the number of rows changed.
    Result<int> execute(const QString& sql, std::initializer_list<QVariant> values = {});
    // The row id of the last insert.
    Result<qint64> insert(const QString& sql, std::initializer_list<QVariant> values);
    // One value of one row; invalid where there is no row. Not kept prepared: for pragmas.
    Result<QVariant> pragma(const QString& sql);

    // Commits if `work` succeeds, rolls back otherwise. Not nested.
    template <typename T>
    Result<T> transaction(const std::function<Result<T>()>& work) {
        MM_CHECK(begin());
        Result<T> done = work();
        if (!done.ok()) {
            rollBack();
            return done;
        }
        MM_CHECK(commit());
        return done;
    }

private:
    SqliteSession(QString connection, std::filesystem::path file);
    Result<void> begin();
    Result<void> commit(); // rolls back where it fails
    void rollBack();
    Result<QSqlQuery*> run(const QString& sql, std::initializer_list<QVariant> values);
    [[nodiscard]] Error failure(const QSqlError& error) const;

    QString m_connection;
    std::filesystem::path m_file;
    std::map<QString, QSqlQuery> m_prepared;
};

} // namespace mm::store
