// The ModelStore in one SQLite file: write-ahead log, foreign keys, every change one transaction. Belongs to the thread
// that opened it.
#pragma once

#include "engine/registry/store/model_store.h"
#include "engine/store/database.h"

#include <memory>

namespace mm::registry {

class SqliteStore final : public ModelStore {
public:
    using Options = store::DatabaseOptions;
    // StorageDamaged for a file that is damaged, not ours or newer; it is left untouched.
    static Result<std::unique_ptr<SqliteStore>> open(const Options& options);

    Result<std::vector<ModelVersions>> loadAll() override;
    Result<void> check() override;
    Result<ModelVersions> insertVersion(ModelEntry entry, WallTime now) override;
    Result<ModelVersions> updateVersion(const VersionKey& key, const Patch& patch, WallTime now) override;
    Result<ModelVersions> promoteVersion(const VersionKey& key, WallTime now) override;
    Result<ModelVersions> deprecateVersion(const VersionKey& key, std::string_view reason, WallTime now) override;
    Result<ModelVersions> removeVersion(const VersionKey& key, WallTime now) override;
    Result<void> removeModel(std::string_view modelId, std::int64_t expectedRevision) override;
    Result<std::vector<MeasuredLoad>> loadMeasuredLoads() override;
    Result<void> putMeasuredLoad(const MeasuredLoad& load) override;

private:
    explicit SqliteStore(std::unique_ptr<store::SqliteSession> session) : m_session(std::move(session)) {}

    // A version as found for a change: its row, its model's row, and what it holds.
    struct Found {
        qint64 modelRow = 0;
        qint64 versionRow = 0;
        EntryPtr entry;
    };
    // Within a transaction. Fails with ModelNotFound, VersionNotFound or RevisionConflict.
    Result<Found> find(const VersionKey& key);
    Result<void> countRevision(qint64 modelRow, WallTime now);
    // One transaction: finds the version, lets `change` write, counts the revision, reads the model again.
    using Change = std::function<Result<void>(const Found&)>;
    Result<ModelVersions> changeVersion(const VersionKey& key, WallTime now, const Change& change);

    std::unique_ptr<store::SqliteSession> m_session;
};

} // namespace mm::registry
