// Looks at a database file before anything may write to it: is it ours, whole, and of a schema this program knows?
// Fails with StorageDamaged, naming the file and what to do; the database and its log stay byte for byte as they are.
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <filesystem>

namespace mm::store {

inline constexpr std::int32_t kApplicationId = 0x4d4d5247; // "MMRG" in the file's header

enum class DatabaseFile { New, Ours };
Result<DatabaseFile> checkDatabaseFile(const std::filesystem::path& file);

} // namespace mm::store
