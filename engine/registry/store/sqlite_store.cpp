#include "engine/registry/store/sqlite_store.h"

#include "engine/registry/rules/version_transitions.h"
#include "engine/registry/store/measurement_rows.h"
#include "engine/registry/store/version_rows.h"

#include <algorithm>

namespace mm::registry {
Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const Options& options) {
    MM_TRY(auto session, store::openDatabase(options));
    return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(session)));
}

Result<std::vector<ModelVersions>> SqliteStore::loadAll() {
    MM_TRY(auto stored, readModels(*m_session));
    std::vector<ModelVersions> models;
    models.reserve(stored.size());
    for (StoredModel& model : stored)
        models.push_back(std::move(model.model));
    return models;
}

Result<void> SqliteStore::check() {
    MM_CHECK(m_session->pragma(QStringLiteral("SELECT count(*) FROM schema_version")));
    return {};
}

Result<ModelVersions> SqliteStore::insertVersion(ModelEntry entry, WallTime now) {
    return m_session->transaction<ModelVersions>([&]() -> Result<ModelVersions> {
        MM_TRY(auto found, readModel(*m_session, entry.modelId));
        entry.createdAt = entry.updatedAt = now;
        entry.current = found.empty();
        qint64 modelRow = 0;
        if (found.empty()) {
            MM_TRY(modelRow, m_session->insert(QStringLiteral("INSERT INTO model (model_id, revision, created_at, "
                                                              "updated_at) VALUES (?, 1, ?, ?)"),
                                               {toText(entry.modelId), toStored(now), toStored(now)}));
        } else {
            const StoredModel& model = found.front();
            modelRow = model.modelRow;
            MM_CHECK(checkNewVersion(model.model, entry));
            MM_CHECK(countRevision(modelRow, now));
        }
        MM_CHECK(insertVersionRows(*m_session, modelRow, entry));
        MM_TRY(auto written, readModel(*m_session, entry.modelId));
        return std::move(written.front().model);
    });
}

Result<SqliteStore::Found> SqliteStore::find(const VersionKey& key) {
    MM_TRY(auto models, readModel(*m_session, key.modelId));
    if (models.empty())
        return modelNotFound(key.modelId, {});
    StoredModel& stored = models.front();
    const auto at = std::find_if(stored.model.versions.begin(), stored.model.versions.end(),
                                 [&key](const EntryPtr& entry) { return entry->version == key.version; });
    if (at == stored.model.versions.end())
        return versionNotFound(key.version, stored.model);
    const std::int64_t revision = (*at)->revision;
    if (key.expectedRevision > 0 && key.expectedRevision != revision)
        return revisionConflict(key.modelId, key.expectedRevision, revision);
    const auto index = static_cast<std::size_t>(at - stored.model.versions.begin());
    return Found{stored.modelRow, stored.versionRows[index], *at};
}

Result<void> SqliteStore::countRevision(qint64 modelRow, WallTime now) {
    MM_CHECK(m_session->execute(QStringLiteral("UPDATE model SET revision = revision + 1, updated_at = ? WHERE id = ?"),
                                {toStored(now), modelRow}));
    return {};
}

Result<ModelVersions> SqliteStore::changeVersion(const VersionKey& key, WallTime now, const Change& change) {
    return m_session->transaction<ModelVersions>([&]() -> Result<ModelVersions> {
        MM_TRY(const Found found, find(key));
        MM_CHECK(change(found));
        MM_CHECK(countRevision(found.modelRow, now));
        MM_TRY(auto written, readModel(*m_session, key.modelId));
        return std::move(written.front().model);
    });
}

Result<ModelVersions> SqliteStore::updateVersion(const VersionKey& key, const Patch& patch, WallTime now) {
    return changeVersion(key, now, [&](const Found& found) {
        ModelEntry entry = *found.entry;
        apply(patch, entry);
        entry.updatedAt = now;
        return updateVersionRows(*m_session, found.versionRow, entry);
    });
}

Result<ModelVersions> SqliteStore::promoteVersion(const VersionKey& key, WallTime now) {
    return changeVersion(key, now, [&](const Found& found) -> Result<void> {
        MM_CHECK(checkPromotion(*found.entry));
        MM_CHECK(m_session->execute(
            QStringLiteral(
                "UPDATE model_version SET is_current = 0, updated_at = ? WHERE model_id = ? AND is_current = 1"),
            {toStored(now), found.modelRow}));
        MM_CHECK(m_session->execute(QStringLiteral("UPDATE model_version SET is_current = 1, is_deprecated = 0, "
                                                   "deprecation_reason = '', updated_at = ? WHERE id = ?"),
                                    {toStored(now), found.versionRow}));
        return {};
    });
}

Result<ModelVersions> SqliteStore::deprecateVersion(const VersionKey& key, std::string_view reason, WallTime now) {
    return changeVersion(key, now, [&](const Found& found) -> Result<void> {
        if (found.entry->current)
            return versionIsCurrent(*found.entry, "deprecated");
        MM_CHECK(m_session->execute(
            QStringLiteral(
                "UPDATE model_version SET is_deprecated = 1, deprecation_reason = ?, updated_at = ? WHERE id = ?"),
            {toText(reason), toStored(now), found.versionRow}));
        return {};
    });
}

Result<ModelVersions> SqliteStore::removeVersion(const VersionKey& key, WallTime now) {
    return changeVersion(key, now, [&](const Found& found) -> Result<void> {
        if (found.entry->current)
            return versionIsCurrent(*found.entry, "deleted");
        MM_CHECK(m_session->execute(QStringLiteral("DELETE FROM model_version WHERE id = ?"), {found.versionRow}));
        return {};
    });
}

Result<void> SqliteStore::removeModel(std::string_view modelId, std::int64_t expectedRevision) {
    return m_session->transaction<void>([&]() -> Result<void> {
        MM_TRY(const auto stored, readModel(*m_session, modelId));
        if (stored.empty())
            return modelNotFound(modelId, {});
        const std::int64_t revision = stored.front().model.versions.front()->revision;
        if (expectedRevision > 0 && expectedRevision != revision)
            return revisionConflict(modelId, expectedRevision, revision);
        MM_CHECK(m_session->execute(QStringLiteral("DELETE FROM model WHERE model_id = ?"), {toText(modelId)}));
        return {};
    });
}

Result<std::vector<MeasuredLoad>> SqliteStore::loadMeasuredLoads() {
    return readMeasuredLoads(*m_session);
}

Result<void> SqliteStore::putMeasuredLoad(const MeasuredLoad& load) {
    MM_TRY(const bool written, writeMeasuredLoad(*m_session, load));
    if (!written)
        return Error{ErrorCode::VersionNotFound,
                     "'" + load.modelId + "@" + load.version + "' is gone; what its load took is not kept."};
    return {};
}

} // namespace mm::registry
