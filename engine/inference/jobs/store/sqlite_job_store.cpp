#include "engine/inference/jobs/store/sqlite_job_store.h"

#include "engine/inference/jobs/store/job_rows.h"

#include <map>

namespace mm::inference {
namespace {

using store::toStored;
using store::toText;

const char* const kUnfinished = "status IN ('queued', 'processing')";

QString statusText(v1::JobStatus status) {
    return toText(jobStatusName(status));
}

} // namespace

Result<std::unique_ptr<SqliteJobStore>> SqliteJobStore::open(store::DatabaseOptions options) {
    options.durability = store::Durability::Machine;
    MM_TRY(auto session, store::openDatabase(options));
    return std::unique_ptr<SqliteJobStore>(new SqliteJobStore(std::move(session)));
}

Result<void> SqliteJobStore::insert(const Job& job) {
    return m_session->transaction<void>([&] { return insertJobRow(*m_session, job); });
}

Result<Job> SqliteJobStore::get(const std::string& id) {
    MM_TRY(auto jobs, readJobs(*m_session, QStringLiteral("WHERE job_id = ?"), {toText(id)}));
    if (jobs.empty())
        return jobNotFound(id);
    return std::move(jobs.front());
}

Result<std::optional<Job>> SqliteJobStore::findByKey(const std::string& client, const std::string& key) {
    MM_TRY(auto jobs, readJobs(*m_session, QStringLiteral("WHERE client = ? AND idempotency_key = ?"),
                               {toText(client), toText(key)}));
    if (jobs.empty())
        return std::optional<Job>();
    return std::optional<Job>(std::move(jobs.front()));
}

Result<JobPage> SqliteJobStore::list(const JobFilter& filter) {
    const QString status = filter.status ? statusText(*filter.status) : toText("");
    const QString model = toText(filter.model);
    const QString client = toText(filter.client);
    const QString where = QStringLiteral("WHERE (? = '' OR status = ?) AND (? = '' OR model_id = ? OR model_key = ?) "
                                         "AND (? = '' OR client = ?)");
    JobPage page;
    MM_CHECK(m_session->select(QStringLiteral("SELECT count(*) FROM job ") + where,
                               {status, status, model, model, model, client, client},
                               [&](const QSqlQuery& row) { page.total = row.value(0).toLongLong(); }));
    const qint64 skipped = (qint64{filter.page} - 1) * filter.pageSize;
    MM_TRY(page.jobs, readJobs(*m_session, where + QStringLiteral(" ORDER BY id DESC LIMIT ? OFFSET ?"),
                               {status, status, model, model, model, client, client, filter.pageSize, skipped}));
    return page;
}

Result<std::int64_t> SqliteJobStore::countUnfinished() {
    std::int64_t count = 0;
    MM_CHECK(m_session->select(QStringLiteral("SELECT count(*) FROM job WHERE ") + QString::fromLatin1(kUnfinished), {},
                               [&](const QSqlQuery& row) { count = row.value(0).toLongLong(); }));
    return count;
}

Result<std::vector<UnfinishedJob>> SqliteJobStore::loadUnfinished() {
    const QString unfinished = QString::fromLatin1(kUnfinished);
    MM_TRY(auto jobs, readJobs(*m_session, QStringLiteral("WHERE ") + unfinished + QStringLiteral(" ORDER BY id"), {}));
    std::vector<UnfinishedJob> found;
    std::map<std::string, std::size_t> byId;
    for (Job& job : jobs) {
        byId[job.id] = found.size();
        found.push_back({std::move(job), {}, {}});
    }
    MM_CHECK(
        m_session->select(QStringLiteral("SELECT j.job_id, p.piece, p.starts, p.begins_at, p.ends_at FROM "
                                         "job_piece p JOIN job j ON j.id = p.job_id WHERE j.") +
                              unfinished + QStringLiteral(" ORDER BY p.begins_at, p.piece"),
                          {}, [&](const QSqlQuery& row) {
                              UnfinishedJob& job = found[byId[row.value(0).toString().toStdString()]];
                              const int piece = row.value(1).toInt();
                              if (row.value(3).isNull())
                                  job.started.push_back({piece, row.value(2).toInt()});
                              else
                                  job.done.push_back({piece, row.value(3).toLongLong(), row.value(4).toLongLong()});
                          }));
    return found;
}

Result<std::vector<PieceSpan>> SqliteJobStore::pieces(const std::string& id) {
    std::vector<PieceSpan> spans;
    MM_CHECK(m_session->select(
        QStringLiteral("SELECT p.piece, p.begins_at, p.ends_at FROM job_piece p JOIN job j ON j.id = p.job_id "
                       "WHERE j.job_id = ? AND p.begins_at IS NOT NULL ORDER BY p.piece"),
        {toText(id)}, [&](const QSqlQuery& row) {
            spans.push_back({row.value(0).toInt(), row.value(1).toLongLong(), row.value(2).toLongLong()});
        }));
    return spans;
}

Result<void> SqliteJobStore::change(const std::string& id, v1::JobStatus to,
                                    const std::function<Result<void>(const Job&)>& write) {
    return m_session->transaction<void>([&]() -> Result<void> {
        MM_TRY(const Job job, get(id));
        MM_CHECK(checkTransition(job, to));
        return write(job);
    });
}

Result<void> SqliteJobStore::startPiece(const std::string& id, int piece, WallTime now) {
    return change(id, v1::JOB_STATUS_PROCESSING, [&](const Job&) -> Result<void> {
        MM_CHECK(m_session->execute(
            QStringLiteral("INSERT INTO job_piece (job_id, piece, starts) VALUES ((SELECT id FROM job WHERE job_id = "
                           "?), ?, 1) ON CONFLICT (job_id, piece) DO UPDATE SET starts = starts + 1"),
            {toText(id), piece}));
        MM_CHECK(m_session->execute(
            QStringLiteral("UPDATE job SET status = 'processing', started_at = coalesce(started_at, ?), attempts = "
                           "(SELECT max(starts) FROM job_piece p WHERE p.job_id = job.id) WHERE job_id = ?"),
            {toStored(now), toText(id)}));
        return {};
    });
}

Result<void> SqliteJobStore::returnPiece(const std::string& id, int piece) {
    return m_session->transaction<void>([&]() -> Result<void> {
        MM_CHECK(m_session->execute(
            QStringLiteral("UPDATE job_piece SET starts = starts - 1 WHERE job_id = (SELECT id FROM job WHERE job_id "
                           "= ?) AND piece = ? AND starts > 0"),
            {toText(id), piece}));
        return {};
    });
}

Result<void> SqliteJobStore::finishPiece(const std::string& id, const PieceSpan& span, std::int64_t inputs) {
    return change(id, v1::JOB_STATUS_PROCESSING, [&](const Job&) -> Result<void> {
        MM_TRY(const int changed,
               m_session->execute(
                   QStringLiteral("UPDATE job_piece SET begins_at = ?, ends_at = ? WHERE job_id = (SELECT id FROM job "
                                  "WHERE job_id = ?) AND piece = ? AND begins_at IS NULL"),
                   {qint64{span.begins}, qint64{span.ends}, toText(id), span.piece}));
        if (changed != 1)
            return Error{ErrorCode::InternalError,
                         "The piece " + std::to_string(span.piece) + " of the job " + id +
                             " ended twice, or without having been started.",
                         {{"job_id", id}, {"piece", std::int64_t{span.piece}}}};
        MM_CHECK(m_session->execute(QStringLiteral("UPDATE job SET inputs_done = inputs_done + ? WHERE job_id = ?"),
                                    {qint64{inputs}, toText(id)}));
        return {};
    });
}

Result<Job> SqliteJobStore::close(const Job& job, const std::function<Result<void>()>& write, WallTime now) {
    MM_CHECK(write());
    MM_CHECK(m_session->execute(
        QStringLiteral("UPDATE job SET completed_at = ?, expires_at = ?, webhook_due_at = CASE WHEN webhook_url = '' "
                       "THEN NULL ELSE ? END WHERE job_id = ?"),
        {toStored(now), toStored(now + job.keepFor), toStored(now), toText(job.id)}));
    MM_CHECK(
        m_session->execute(QStringLiteral("DELETE FROM job_piece WHERE job_id = (SELECT id FROM job WHERE job_id = ?)"),
                           {toText(job.id)}));
    return get(job.id);
}

Result<Job> SqliteJobStore::complete(const std::string& id, const ResultFile& result, WallTime now) {
    return m_session->transaction<Job>([&]() -> Result<Job> {
        MM_TRY(const Job job, get(id));
        MM_CHECK(checkTransition(job, v1::JOB_STATUS_COMPLETED));
        return close(
            job,
            [&]() -> Result<void> {
                MM_CHECK(m_session->execute(
                    QStringLiteral("UPDATE job SET status = 'completed', result_bytes = ?, result_sha256 = ? "
                                   "WHERE job_id = ?"),
                    {qint64{result.bytes}, toText(result.sha256), toText(id)}));
                return {};
            },
            now);
    });
}

Result<Job> SqliteJobStore::end(const std::string& id, v1::JobStatus status, const v1::Error& error, WallTime now) {
    return m_session->transaction<Job>([&]() -> Result<Job> {
        MM_TRY(const Job job, get(id));
        MM_CHECK(checkTransition(job, status));
        return close(
            job,
            [&]() -> Result<void> {
                MM_CHECK(m_session->execute(QStringLiteral("UPDATE job SET status = ?, error = ? WHERE job_id = ?"),
                                            {statusText(status), errorToText(error), toText(id)}));
                return {};
            },
            now);
    });
}

Result<void> SqliteJobStore::remove(const std::string& id) {
    return m_session->transaction<void>([&]() -> Result<void> {
        MM_TRY(const int removed, m_session->execute(QStringLiteral("DELETE FROM job WHERE job_id = ?"), {toText(id)}));
        if (removed == 0)
            return jobNotFound(id);
        return {};
    });
}

Result<std::vector<std::string>> SqliteJobStore::expired(WallTime now) {
    std::vector<std::string> ids;
    MM_CHECK(m_session->select(QStringLiteral("SELECT job_id FROM job WHERE expires_at <= ? AND result_removed = 0"),
                               {toStored(now)},
                               [&](const QSqlQuery& row) { ids.push_back(row.value(0).toString().toStdString()); }));
    return ids;
}

Result<std::vector<std::string>> SqliteJobStore::inputsBeyond(std::int64_t bytes) {
    std::vector<std::string> ids;
    MM_CHECK(m_session->select(
        QStringLiteral("SELECT job_id FROM (SELECT job_id, sum(payload_bytes) OVER (ORDER BY completed_at DESC, id "
                       "DESC) AS held FROM job WHERE status IN ('failed', 'cancelled') AND result_removed = 0) WHERE "
                       "held > ?"),
        {qint64{bytes}}, [&](const QSqlQuery& row) { ids.push_back(row.value(0).toString().toStdString()); }));
    return ids;
}

Result<void> SqliteJobStore::markRemoved(const std::string& id) {
    return m_session->transaction<void>([&]() -> Result<void> {
        MM_CHECK(m_session->execute(
            QStringLiteral("UPDATE job SET result_removed = 1 WHERE job_id = ? AND completed_at IS NOT NULL"),
            {toText(id)}));
        return {};
    });
}

Result<int> SqliteJobStore::forgetExpired(WallTime limit) {
    return m_session->transaction<int>([&]() -> Result<int> {
        return m_session->execute(QStringLiteral("DELETE FROM job WHERE expires_at <= ?"), {toStored(limit)});
    });
}

Result<std::vector<Job>> SqliteJobStore::pendingWebhooks() {
    return readJobs(*m_session, QStringLiteral("WHERE webhook_due_at IS NOT NULL ORDER BY webhook_due_at, id"), {});
}

Result<void> SqliteJobStore::noteWebhook(const std::string& id, const Webhook& webhook) {
    return m_session->transaction<void>([&]() -> Result<void> {
        const QVariant due =
            webhook.dueAt ? QVariant(toStored(*webhook.dueAt)) : QVariant(QMetaType(QMetaType::LongLong));
        MM_CHECK(m_session->execute(
            QStringLiteral("UPDATE job SET webhook_attempts = ?, webhook_delivered = ?, webhook_error = ?, "
                           "webhook_due_at = ? WHERE job_id = ?"),
            {webhook.attempts, webhook.delivered ? 1 : 0, toText(webhook.lastError), due, toText(id)}));
        return {};
    });
}

} // namespace mm::inference
