// Opens the engine's database: checked before anything is written, in write-ahead mode, brought to the newest schema.
// Each store has a connection of its own, on its own thread. Fails with StorageDamaged for a file that is damaged, not
// ours or newer (it is left untouched), StorageFull or StorageFailed.
#pragma once

#include "engine/base/clock.h"
#include "engine/store/sqlite_session.h"

#include <filesystem>
#include <memory>

namespace mm::store {

// What a commit promises: that it survives a crash of this program, or also one of the machine.
enum class Durability { Program, Machine };

struct DatabaseOptions {
    std::filesystem::path file; // made if missing; its folder must be there
    WallTime now;               // noted with the migrations that are applied
    int maxPages = 0;           // a limit on the file's size, for tests; 0 is none
    Durability durability = Durability::Program;
    bool prepared = false; // another connection of this program has checked and migrated it
};
Result<std::unique_ptr<SqliteSession>> openDatabase(const DatabaseOptions& options);

// Never a null string, which Qt would store as NULL.
QString toText(std::string_view text);
// Milliseconds since 1970, as every table keeps its times.
qint64 toStored(WallTime time);
WallTime fromStored(const QVariant& value);

} // namespace mm::store
