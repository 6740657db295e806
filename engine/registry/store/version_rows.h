// Between a ModelEntry and its rows: model_version, model_file, model_tag. Used by SqliteStore within its transactions,
// on its thread. Reading fails with StorageDamaged where a row holds what cannot have been written.
#pragma once

#include "engine/registry/model_entry.h"
#include "engine/store/database.h"

#include <string_view>
#include <vector>

namespace mm::registry {

using store::SqliteSession;
using store::toStored;
using store::toText;

Result<void> insertVersionRows(SqliteSession& session, qint64 modelRow, const ModelEntry& entry);
// All that may change of a version; its files and tags are written anew.
Result<void> updateVersionRows(SqliteSession& session, qint64 versionRow, const ModelEntry& entry);

struct StoredModel {
    qint64 modelRow = 0;
    std::vector<qint64> versionRows; // beside model.versions
    ModelVersions model;
};
// All models in the order of their ids, or only the one.
Result<std::vector<StoredModel>> readModels(SqliteSession& session);
Result<std::vector<StoredModel>> readModel(SqliteSession& session, std::string_view modelId);

} // namespace mm::registry
