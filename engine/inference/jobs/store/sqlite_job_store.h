// The JobStore in the engine's SQLite database, over a connection of its own whose commits wait for the disk. Belongs
// to the thread that opened it.
#pragma once

#include "engine/inference/jobs/store/job_store.h"
#include "engine/store/database.h"

#include <functional>
#include <memory>

namespace mm::inference {

class SqliteJobStore final : public JobStore {
public:
    // options.durability is Machine whatever it says.
    static Result<std::unique_ptr<SqliteJobStore>> open(store::DatabaseOptions options);

    Result<void> insert(const Job& job) override;
    Result<Job> get(const std::string& id) override;
    Result<std::optional<Job>> findByKey(const std::string& client, const std::string& key) override;
    Result<JobPage> list(const JobFilter& filter) override;
    Result<std::int64_t> countUnfinished() override;
    Result<std::vector<UnfinishedJob>> loadUnfinished() override;
    Result<std::vector<PieceSpan>> pieces(const std::string& id) override;
    Result<void> startPiece(const std::string& id, int piece, WallTime now) override;
    Result<void> returnPiece(const std::string& id, int piece) override;
    Result<void> finishPiece(const std::string& id, const PieceSpan& span, std::int64_t inputs) override;
    Result<Job> complete(const std::string& id, const ResultFile& result, WallTime now) override;
    Result<Job> end(const std::string& id, v1::JobStatus status, const v1::Error& error, WallTime now) override;
    Result<void> remove(const std::string& id) override;
    Result<std::vector<std::string>> expired(WallTime now) override;
    Result<std::vector<std::string>> inputsBeyond(std::int64_t bytes) override;
    Result<void> markRemoved(const std::string& id) override;
    Result<int> forgetExpired(WallTime limit) override;
    Result<std::vector<Job>> pendingWebhooks() override;
    Result<void> noteWebhook(const std::string& id, const Webhook& webhook) override;

private:
    explicit SqliteJobStore(std::unique_ptr<store::SqliteSession> session) : m_session(std::move(session)) {}

    // One transaction: finds the job, checks that it may go to `to`, lets `change` write.
    Result<void> change(const std::string& id, v1::JobStatus to, const std::function<Result<void>(const Job&)>& write);
    // With its webhook due where it has one.
    Result<Job> close(const Job& job, const std::function<Result<void>()>& write, WallTime now);

    std::unique_ptr<store::SqliteSession> m_session;
};

} // namespace mm::inference
