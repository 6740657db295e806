// The numbered steps of the database's schema, up and down, compiled in from resources/sql/. Each step is one
// transaction together with its line in the table schema_version. Runs on the thread of the session.
#pragma once

#include "engine/base/clock.h"
#include "engine/store/sqlite_session.h"

#include <span>
#include <string_view>

namespace mm::store {

struct Migration {
    int version;
    std::string_view name;
    std::string_view up;
    std::string_view down;
};

// In the order of their numbers, which may have gaps.
std::span<const Migration> allMigrations();
[[nodiscard]] int newestSchema();

// 0 for an empty database.
Result<int> schemaVersion(SqliteSession& session);
// Up or down to `target`, also where steps with lower numbers came later; a failure leaves the last complete step.
Result<void> migrateTo(SqliteSession& session, int target, WallTime now);

} // namespace mm::store
