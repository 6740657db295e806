// Jobs on the disk: their rows in the JobStore, and beside the database a folder with each job's request (until it is
// completed, or its time is over), the results of its pieces while it runs, and its result. The order of the steps
// makes every crash harmless: files are on the disk before the row that speaks of them, and are removed after it; what
// a crash leaves over goes at the next start. Belongs to the thread that made it and blocks.
#pragma once

#include "engine/inference/jobs/job_settings.h"
#include "engine/inference/jobs/store/job_store.h"
#include "engine/inference/jobs/store/result_reader.h"

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mm::inference {

class JobStorage {
public:
    // Makes the folder. The store's thread is this one.
    static Result<std::unique_ptr<JobStorage>> open(std::filesystem::path folder, JobSettings settings,
                                                    std::unique_ptr<JobStore> store, const Clock& clock);

    // Jobs that are kept already stay.
    void setSettings(const JobSettings& settings) { m_settings = settings; }

    // Keeps the request as a job: on the disk when this returns. The draft says who, which model and how long; the rest
    // is filled in. The same idempotency key with the same content gives the job that is there; with other content it
    // fails with ValidationError. QueueFull, PayloadTooLarge and StorageFull leave nothing behind.
    Result<Job> accept(Job draft, const v1::InferenceRequest& request);
    // What a start of the engine finds; removes what no job needs any more.
    Result<std::vector<UnfinishedJob>> restore();

    struct Piece {
        int number = 0;
        std::int64_t firstInput = 0;
        std::int64_t inputs = 0;
    };
    struct PieceRequest {
        v1::InferenceRequest request;
        Piece piece;
    };
    Result<PieceRequest> startPiece(const std::string& id, int piece);
    Result<void> returnPiece(const std::string& id, int piece) { return m_store->returnPiece(id, piece); }
    Result<void> finishPiece(const std::string& id, const Piece& piece, const v1::InferenceResponse& response);
    // All pieces are done: their results become the job's.
    Result<Job> complete(const std::string& id);
    Result<Job> end(const std::string& id, v1::JobStatus status, const Error& error);
    // A new job with the inputs of one that failed or was cancelled.
    Result<Job> retry(const std::string& id);
    // Of a job that is over: its row and its files.
    Result<Job> forget(const std::string& id);

    Result<Job> get(const std::string& id) { return m_store->get(id); }
    Result<JobPage> list(const JobFilter& filter) { return m_store->list(filter); }
    using Response = std::shared_ptr<const v1::InferenceResponse>;
    Result<Response> result(const std::string& id);
    // The same in parts, of any size.
    using OpenResult = std::shared_ptr<const ResultReader>;
    Result<OpenResult> openResult(const std::string& id);

    // Removes results, and inputs kept for another try, whose time is over; the rows stay for the usual time longer, to
    // say what became of them.
    Result<void> sweep();

    Result<std::vector<Job>> pendingWebhooks() { return m_store->pendingWebhooks(); }
    Result<void> noteWebhook(const std::string& id, const Webhook& webhook) {
        return m_store->noteWebhook(id, webhook);
    }

private:
    JobStorage(std::filesystem::path folder, JobSettings settings, std::unique_ptr<JobStore> store, const Clock& clock)
        : m_folder(std::move(folder)), m_settings(settings), m_store(std::move(store)), m_clock(clock) {}

    // What is remembered of a job's files while it runs.
    struct OpenJob {
        v1::InferenceRequest shared;
        std::vector<std::int64_t> pieces; // where each begins in the request file
        std::int64_t partsEnd = 0;
    };
    [[nodiscard]] std::filesystem::path fileOf(const std::string& id, const char* kind) const;
    Result<void> checkRoom(std::int64_t bytes) const;
    // Inputs that are only kept for another try give way.
    Result<void> makeRoom(std::int64_t bytes);
    Result<void> keepInputsWithin(std::int64_t bytes);
    Result<void> writeRequest(Job& job, const v1::InferenceRequest& request) const;
    Result<OpenJob*> opened(const std::string& id);
    Result<ResultFile> assemble(const Job& job);
    enum class Keep : std::uint8_t { Nothing, Request, Result };
    void removeFiles(const std::string& id, Keep keep);
    Result<void> removeLeftovers();

    std::filesystem::path m_folder;
    JobSettings m_settings;
    std::unique_ptr<JobStore> m_store;
    const Clock& m_clock;
    std::map<std::string, OpenJob> m_open;
};

} // namespace mm::inference
