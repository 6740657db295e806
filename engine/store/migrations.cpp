#include "engine/store/migrations.h"

#include "engine/base/log.h"

#include <QString>

#include <set>

namespace mm::store {
namespace {

// One statement ends at a ';' that ends its line: the files in resources/sql/ are written so.
std::vector<QString> statementsOf(std::string_view script) {
    std::vector<QString> statements;
    while (!script.empty()) {
        const auto end = script.find(";\n");
        const std::string_view statement = script.substr(0, end);
        if (statement.find_first_not_of(" \n") != std::string_view::npos)
            statements.push_back(QString::fromUtf8(statement.data(), static_cast<qsizetype>(statement.size())));
        script.remove_prefix(end == std::string_view::npos ? script.size() : end + 2);
    }
    return statements;
}

Result<void> runStep(SqliteSession& session, const Migration& step, bool up, WallTime now) {
    return session.transaction<void>([&]() -> Result<void> {
        for (const QString& statement : statementsOf(up ? step.up : step.down))
            MM_CHECK(session.pragma(statement));
        const QString note =
            up ? QStringLiteral("INSERT INTO schema_version (version, name, applied_at) VALUES (?, ?, ?)")
               : QStringLiteral("DELETE FROM schema_version WHERE version = ?");
        if (!up) {
            MM_CHECK(session.execute(note, {step.version}));
            return {};
        }
        const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
        MM_CHECK(session.execute(
            note, {step.version, QString::fromUtf8(step.name.data(), qsizetype(step.name.size())), qint64{time}}));
        return {};
    });
}

} // namespace

int newestSchema() {
    return allMigrations().back().version;
}

Result<int> schemaVersion(SqliteSession& session) {
    MM_TRY(const QVariant tables,
           session.pragma(
               QStringLiteral("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'")));
    if (tables.toInt() == 0)
        return 0;
    MM_TRY(const QVariant version,
           session.pragma(QStringLiteral("SELECT coalesce(max(version), 0) FROM schema_version")));
    return version.toInt();
}

Result<void> migrateTo(SqliteSession& session, int target, WallTime now) {
    MM_CHECK(session.pragma(QStringLiteral("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER PRIMARY KEY, "
                                           "name TEXT NOT NULL, applied_at BIGINT NOT NULL)")));
    std::set<int> applied;
    MM_CHECK(session.select(QStringLiteral("SELECT version FROM schema_version"), {},
                            [&](const QSqlQuery& row) { applied.insert(row.value(0).toInt()); }));
    const auto steps = allMigrations();
    for (const Migration& step : steps)
        if (step.version <= target && !applied.contains(step.version))
            MM_CHECK(runStep(session, step, true, now));
    for (auto step = steps.rbegin(); step != steps.rend(); ++step)
        if (step->version > target && applied.contains(step->version))
            MM_CHECK(runStep(session, *step, false, now));
    return {};
}

} // namespace mm::store
