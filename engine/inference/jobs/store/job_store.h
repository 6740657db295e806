// Where jobs are kept, as rows. Each change is one transaction that survives a crash of the machine once it has
// returned; the state rules of job.h are checked within it. An implementation belongs to the thread that made it and
// blocks. Errors: JobNotFound, IllegalTransition, StorageFull, StorageFailed, StorageDamaged; they change nothing.
#pragma once

#include "engine/inference/jobs/job.h"

#include <string>
#include <vector>

namespace mm::inference {

// Where the result of a piece lies in its job's parts file.
struct PieceSpan {
    int piece = 0;
    std::int64_t begins = 0;
    std::int64_t ends = 0;
};

// What is known of an unfinished job's pieces; those that are not mentioned were never started.
struct StartedPiece {
    int piece = 0;
    int starts = 0; // that did not end
};
struct UnfinishedJob {
    Job job;
    std::vector<StartedPiece> started; // and not done
    std::vector<PieceSpan> done;       // in the order of their results
};

struct JobFilter {
    std::optional<v1::JobStatus> status;
    std::string model;  // "org/repo" or "org/repo@version"; empty: all
    std::string client; // empty: all
    int page = 1;
    int pageSize = 20;
};
struct JobPage {
    std::vector<Job> jobs; // newest first
    std::int64_t total = 0;
};

struct ResultFile {
    std::int64_t bytes = 0;
    std::string sha256;
};

class JobStore {
public:
    virtual ~JobStore() = default;

    virtual Result<void> insert(const Job& job) = 0;
    virtual Result<Job> get(const std::string& id) = 0;
    virtual Result<std::optional<Job>> findByKey(const std::string& client, const std::string& key) = 0;
    virtual Result<JobPage> list(const JobFilter& filter) = 0;
    virtual Result<std::int64_t> countUnfinished() = 0;
    // In the order of their acceptance.
    virtual Result<std::vector<UnfinishedJob>> loadUnfinished() = 0;
    virtual Result<std::vector<PieceSpan>> pieces(const std::string& id) = 0;

    // The job becomes processing.
    virtual Result<void> startPiece(const std::string& id, int piece, WallTime now) = 0;
    // Its last start does not count: it was not computed, and not for its own fault.
    virtual Result<void> returnPiece(const std::string& id, int piece) = 0;
    virtual Result<void> finishPiece(const std::string& id, const PieceSpan& span, std::int64_t inputs) = 0;

    virtual Result<Job> complete(const std::string& id, const ResultFile& result, WallTime now) = 0;
    // Failed or cancelled.
    virtual Result<Job> end(const std::string& id, v1::JobStatus status, const v1::Error& error, WallTime now) = 0;
    virtual Result<void> remove(const std::string& id) = 0;

    // Ended jobs whose time is over by `now` and whose results, or inputs, are still there.
    virtual Result<std::vector<std::string>> expired(WallTime now) = 0;
    // Jobs that failed or were cancelled whose inputs are still there and too many: what ended last is within `bytes`.
    virtual Result<std::vector<std::string>> inputsBeyond(std::int64_t bytes) = 0;
    virtual Result<void> markRemoved(const std::string& id) = 0;
    // Forgets those that expired before `limit`; gives how many.
    virtual Result<int> forgetExpired(WallTime limit) = 0;

    // Jobs with an attempt due, now or later.
    virtual Result<std::vector<Job>> pendingWebhooks() = 0;
    virtual Result<void> noteWebhook(const std::string& id, const Webhook& webhook) = 0;
};

} // namespace mm::inference
