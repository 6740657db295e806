#include "engine/registry/store/version_rows.h"

#include "engine/ipc/names.h"

#include <google/protobuf/util/json_util.h>

#include <map>
#include <optional>

namespace mm::registry {
namespace {

std::string text(const QSqlQuery& row, int column) {
    return row.value(column).toString().toStdString();
}

Result<std::string> configToJson(const google::protobuf::Struct& config) {
    std::string json;
    if (const auto status = google::protobuf::util::MessageToJsonString(config, &json); !status.ok())
        return invalidField("config", "cannot be written as JSON: " + status.ToString());
    return json;
}

Result<void> writeFilesAndTags(SqliteSession& session, qint64 versionRow, const ModelEntry& entry) {
    for (const ModelFile& file : entry.files)
        MM_CHECK(session.execute(
            QStringLiteral("INSERT INTO model_file (model_version_id, path, bytes, sha256) VALUES (?, ?, ?, ?)"),
            {versionRow, toText(file.path), qint64{file.bytes}, toText(file.sha256)}));
    for (const std::string& tag : entry.tags)
        MM_CHECK(session.execute(QStringLiteral("INSERT INTO model_tag (model_version_id, tag) VALUES (?, ?)"),
                                 {versionRow, toText(tag)}));
    return {};
}

// The columns in the order of readEntry().
const char* const kVersionColumns =
    "SELECT m.id, m.model_id, m.revision, v.id, v.version, v.is_current, v.is_deprecated, v.deprecation_reason, "
    "v.task_type, v.display_name, v.description, v.status, v.status_message, v.source_url, v.path, v.config, "
    "v.memory_mb, v.gpu_vram_mb, v.cpu_threads, v.checksum, v.total_bytes, v.architecture, v.created_at, v.updated_at "
    "FROM model m JOIN model_version v ON v.model_id = m.id ";
const char* const kFileColumns = "SELECT f.model_version_id, f.path, f.bytes, f.sha256 FROM model m "
                                 "JOIN model_version v ON v.model_id = m.id "
                                 "JOIN model_file f ON f.model_version_id = v.id ";
const char* const kTagColumns = "SELECT t.model_version_id, t.tag FROM model m "
                                "JOIN model_version v ON v.model_id = m.id "
                                "JOIN model_tag t ON t.model_version_id = v.id ";

struct VersionRow {
    qint64 modelRow = 0;
    qint64 versionRow = 0;
    ModelEntry entry;
};

Result<VersionRow> readVersion(const QSqlQuery& row) {
    VersionRow read;
    ModelEntry& entry = read.entry;
    int column = 0;
    read.modelRow = row.value(column++).toLongLong();
    entry.modelId = text(row, column++);
    entry.revision = row.value(column++).toLongLong();
    read.versionRow = row.value(column++).toLongLong();
    entry.version = text(row, column++);
    entry.current = row.value(column++).toBool();
    entry.deprecated = row.value(column++).toBool();
    entry.deprecationReason = text(row, column++);
    const auto task = taskFromName(text(row, column++));
    entry.displayName = text(row, column++);
    entry.description = text(row, column++);
    const auto status = statusFromString(text(row, column++));
    entry.statusMessage = text(row, column++);
    entry.sourceUrl = text(row, column++);
    entry.path = text(row, column++);
    const bool configRead = google::protobuf::util::JsonStringToMessage(text(row, column++), &entry.config).ok();
    entry.resources.set_memory_mb(row.value(column++).toInt());
    entry.resources.set_gpu_vram_mb(row.value(column++).toInt());
    entry.resources.set_cpu_threads(row.value(column++).toInt());
    entry.checksum = text(row, column++);
    entry.totalBytes = row.value(column++).toLongLong();
    entry.architecture = text(row, column++);
    entry.createdAt = store::fromStored(row.value(column++));
    entry.updatedAt = store::fromStored(row.value(column++));
    if (!task || !status || !configRead)
        return Error{ErrorCode::StorageDamaged,
                     "The database's row of " + entry.modelId + "@" + entry.version +
                         " holds a task, status or configuration that cannot be read. Restore the database from a "
                         "backup, or move it away to begin an empty one.",
                     {{"model", entry.modelId}, {"version", entry.version}}};
    entry.task = *task;
    entry.status = *status;
    return read;
}

Result<std::vector<StoredModel>> read(SqliteSession& session, const QString& where,
                                      std::initializer_list<QVariant> values) {
    std::vector<VersionRow> rows;
    std::map<qint64, std::size_t> byRow;
    std::optional<Error> damage;
    const auto query = [&](const char* columns, const char* order) -> QString {
        return QString::fromLatin1(columns) + where + QString::fromLatin1(order);
    };
    MM_CHECK(session.select(query(kVersionColumns, " ORDER BY m.model_id, v.id"), values, [&](const QSqlQuery& row) {
        auto version = readVersion(row);
        if (!version.ok()) {
            damage = version.error();
            return;
        }
        byRow[version->versionRow] = rows.size();
        rows.push_back(std::move(*version));
    }));
    if (damage)
        return std::move(*damage);
    MM_CHECK(session.select(query(kFileColumns, " ORDER BY f.path"), values, [&](const QSqlQuery& row) {
        rows[byRow[row.value(0).toLongLong()]].entry.files.push_back(
            {text(row, 1), row.value(2).toLongLong(), text(row, 3)});
    }));
    MM_CHECK(session.select(query(kTagColumns, " ORDER BY t.tag"), values, [&](const QSqlQuery& row) {
        rows[byRow[row.value(0).toLongLong()]].entry.tags.push_back(text(row, 1));
    }));

    std::vector<StoredModel> models;
    for (VersionRow& row : rows) {
        if (models.empty() || models.back().modelRow != row.modelRow)
            models.push_back({row.modelRow, {}, {row.entry.modelId, {}}});
        models.back().versionRows.push_back(row.versionRow);
        models.back().model.versions.push_back(std::make_shared<const ModelEntry>(std::move(row.entry)));
    }
    return models;
}

} // namespace

Result<void> insertVersionRows(SqliteSession& session, qint64 modelRow, const ModelEntry& entry) {
    MM_TRY(const std::string config, configToJson(entry.config));
    MM_TRY(const qint64 row,
           session.insert(QStringLiteral("INSERT INTO model_version (model_id, version, is_current, task_type, "
                                         "display_name, description, status, status_message, source_url, path, config, "
                                         "memory_mb, gpu_vram_mb, cpu_threads, checksum, total_bytes, architecture, "
                                         "created_at, updated_at) "
                                         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                          {modelRow, toText(entry.version), entry.current ? 1 : 0, toText(taskName(entry.task)),
                           toText(entry.displayName), toText(entry.description), toText(toString(entry.status)),
                           toText(entry.statusMessage), toText(entry.sourceUrl), toText(entry.path), toText(config),
                           entry.resources.memory_mb(), entry.resources.gpu_vram_mb(), entry.resources.cpu_threads(),
                           toText(entry.checksum), qint64{entry.totalBytes}, toText(entry.architecture),
                           toStored(entry.createdAt), toStored(entry.updatedAt)}));
    return writeFilesAndTags(session, row, entry);
}

Result<void> updateVersionRows(SqliteSession& session, qint64 versionRow, const ModelEntry& entry) {
    MM_TRY(const std::string config, configToJson(entry.config));
    MM_CHECK(session.execute(
        QStringLiteral("UPDATE model_version SET is_current = ?, is_deprecated = ?, deprecation_reason = ?, "
                       "display_name = ?, description = ?, status = ?, status_message = ?, source_url = ?, path = ?, "
                       "config = ?, memory_mb = ?, gpu_vram_mb = ?, cpu_threads = ?, checksum = ?, total_bytes = ?, "
                       "architecture = ?, updated_at = ? WHERE id = ?"),
        {entry.current ? 1 : 0, entry.deprecated ? 1 : 0, toText(entry.deprecationReason), toText(entry.displayName),
         toText(entry.description), toText(toString(entry.status)), toText(entry.statusMessage),
         toText(entry.sourceUrl), toText(entry.path), toText(config), entry.resources.memory_mb(),
         entry.resources.gpu_vram_mb(), entry.resources.cpu_threads(), toText(entry.checksum), qint64{entry.totalBytes},
         toText(entry.architecture), toStored(entry.updatedAt), versionRow}));
    MM_CHECK(session.execute(QStringLiteral("DELETE FROM model_file WHERE model_version_id = ?"), {versionRow}));
    MM_CHECK(session.execute(QStringLiteral("DELETE FROM model_tag WHERE model_version_id = ?"), {versionRow}));
    return writeFilesAndTags(session, versionRow, entry);
}

Result<std::vector<StoredModel>> readModels(SqliteSession& session) {
    return read(session, QString(), {});
}

Result<std::vector<StoredModel>> readModel(SqliteSession& session, std::string_view modelId) {
    return read(session, QStringLiteral(" WHERE m.model_id = ?"), {toText(modelId)});
}

} // namespace mm::registry
