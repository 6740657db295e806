#include "engine/inference/jobs/store/job_rows.h"

#include <google/protobuf/util/json_util.h>

namespace mm::inference {
namespace {

using store::fromStored;
using store::toStored;
using store::toText;

// In the order of readJob().
const char* const kColumns =
    "SELECT job_id, client, model_key, model_id, status, priority, idempotency_key, content_sha256, inputs_total, "
    "inputs_done, pieces, attempts, payload_bytes, keep_seconds, created_at, started_at, completed_at, expires_at, "
    "result_bytes, result_sha256, result_removed, error, webhook_url, webhook_secret, webhook_attempts, "
    "webhook_delivered, webhook_error, webhook_due_at FROM job ";

std::string text(const QVariant& value) {
    return value.toString().toStdString();
}

std::optional<WallTime> timeOrNone(const QVariant& value) {
    return value.isNull() ? std::nullopt : std::optional(fromStored(value));
}

Result<Job> readJob(const QSqlQuery& row) {
    Job job;
    int column = 0;
    const auto next = [&row, &column] { return row.value(column++); };
    job.id = text(next());
    job.client = text(next());
    job.modelKey = text(next());
    job.modelId = text(next());
    const auto status = jobStatusFromName(text(next()));
    const int priority = next().toInt();
    job.idempotencyKey = text(next());
    job.contentSha256 = text(next());
    job.inputsTotal = next().toLongLong();
    job.inputsDone = next().toLongLong();
    job.pieces = next().toInt();
    job.attempts = next().toInt();
    job.payloadBytes = next().toLongLong();
    job.keepFor = std::chrono::seconds(next().toLongLong());
    job.createdAt = fromStored(next());
    job.startedAt = timeOrNone(next());
    job.completedAt = timeOrNone(next());
    job.expiresAt = timeOrNone(next());
    job.resultBytes = next().toLongLong();
    job.resultSha256 = text(next());
    job.resultRemoved = next().toBool();
    const std::string error = text(next());
    job.webhook.url = text(next());
    job.webhook.secret = text(next());
    job.webhook.attempts = next().toInt();
    job.webhook.delivered = next().toBool();
    job.webhook.lastError = text(next());
    job.webhook.dueAt = timeOrNone(next());
    const bool errorRead =
        error.empty() || google::protobuf::util::JsonStringToMessage(error, &job.error.emplace()).ok();
    if (!status || !v1::Priority_IsValid(priority) || !errorRead)
        return Error{ErrorCode::StorageDamaged,
                     "The database's row of the job " + job.id +
                         " holds a status, priority or error that cannot be read. Restore the database from a backup, "
                         "or move it away to begin an empty one.",
                     {{"job_id", job.id}}};
    job.status = *status;
    job.priority = static_cast<v1::Priority>(priority);
    return job;
}

} // namespace

Result<void> insertJobRow(store::SqliteSession& session, const Job& job) {
    MM_CHECK(session.insert(
        QStringLiteral("INSERT INTO job (job_id, client, model_key, model_id, status, priority, idempotency_key, "
                       "content_sha256, inputs_total, pieces, payload_bytes, keep_seconds, created_at, webhook_url, "
                       "webhook_secret) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        {toText(job.id), toText(job.client), toText(job.modelKey), toText(job.modelId),
         toText(jobStatusName(job.status)), int{job.priority}, toText(job.idempotencyKey), toText(job.contentSha256),
         qint64{job.inputsTotal}, job.pieces, qint64{job.payloadBytes}, qint64{job.keepFor.count()},
         toStored(job.createdAt), toText(job.webhook.url), toText(job.webhook.secret)}));
    return {};
}

Result<std::vector<Job>> readJobs(store::SqliteSession& session, const QString& where,
                                  std::initializer_list<QVariant> values) {
    std::vector<Job> jobs;
    std::optional<Error> damage;
    MM_CHECK(session.select(QString::fromLatin1(kColumns) + where, values, [&](const QSqlQuery& row) {
        auto job = readJob(row);
        if (job.ok())
            jobs.push_back(std::move(job).value());
        else
            damage = std::move(job).error();
    }));
    if (damage)
        return std::move(*damage);
    return jobs;
}

QString errorToText(const v1::Error& error) {
    std::string json;
    // Fails for invalid UTF-8 alone, which a message that was made here does not hold.
    if (!google::protobuf::util::MessageToJsonString(error, &json).ok())
        json = R"({"code": "INTERNAL_ERROR", "message": "the error could not be written"})";
    return toText(json);
}

} // namespace mm::inference
