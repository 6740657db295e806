// JobRunner: takes jobs in, computes their unfinished pieces through the common queue, keeps what is done, ends jobs.
// It is the one owner of what is under way; the rows and files are the storage's, on its own thread. Engine thread
// only; each reply comes exactly once, on it. A reply to submit() means that the job is on the disk.
#pragma once

#include "engine/base/executor.h"
#include "engine/inference/admission.h"
#include "engine/inference/jobs/job_lanes.h"
#include "engine/inference/jobs/piece_verdict.h"
#include "engine/inference/jobs/ports.h"
#include "engine/inference/jobs/store/job_storage.h"
#include "engine/inference/ports.h"
#include "engine/store/store_thread.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace mm::inference {

using JobStorageThread = store::StoreThread<JobStorage>;

class JobRunner {
public:
    struct Ports {
        ModelCatalogue& catalogue;
        PieceDispatch& pieces;
        JobStorageThread& storage;
        JobListener& listener;
        Executor& engineThread;
    };
    JobRunner(JobSettings settings, DispatcherOptions limits, Ports ports);
    ~JobRunner();
    JobRunner(const JobRunner&) = delete;
    JobRunner& operator=(const JobRunner&) = delete;

    // For jobs that come from now on; how many pieces there are at one time stays.
    void setSettings(const JobSettings& settings);

    // Goes on with what the last engine left unfinished; call it once, when the models are known.
    void start();
    // The engine stops: pieces that it interrupts are not to blame, and nothing new begins.
    void stop();

    void submit(std::shared_ptr<const v1::InferenceRequest> request, const std::string& client, Reply<Job> reply);
    void get(const std::string& id, Reply<Job> reply);
    void list(JobFilter filter, Reply<JobPage> reply);
    void result(const std::string& id, Reply<JobStorage::Response> reply);
    void openResult(const std::string& id, Reply<JobStorage::OpenResult> reply);
    // Stops a job that is not over (it is cancelled then), forgets one that is.
    void cancel(const std::string& id, Reply<Job> reply);

    // A new job with the inputs of one that failed or was cancelled.
    void retry(const std::string& id, Reply<Job> reply);

    // Every unfinished job of this model ("org/repo@version") fails with this error; retry() computes it after all. How
    // many those were.
    int endModel(const std::string& key, const Error& error);

    // Removes what has expired; a timer calls it.
    void sweep();

    [[nodiscard]] std::size_t unfinished() const { return m_active.size(); }

private:
    struct Active {
        std::string client;
        std::string modelKey;
        std::int64_t inputsDone = 0;
        std::int64_t inputsTotal = 0;
        int pieces = 0;
        std::map<int, int> starts;   // of pieces that did not end yet
        std::map<int, int> refusals; // that were not the piece's own
        bool closing = false;        // its end is on the way to the disk
    };
    using Piece = JobLanes::Piece;

    template <typename T>
    void ask(std::function<Result<T>(JobStorage&)> work, std::function<void(Result<T>)> then);
    [[nodiscard]] Result<Job> draft(const v1::InferenceRequest& request, const std::string& client) const;
    [[nodiscard]] Reply<Job> takingIn(Reply<Job> reply);
    void adopt(const Job& job, std::vector<StartedPiece> started, const std::vector<PieceSpan>& done);
    void restore(std::vector<UnfinishedJob> jobs);
    void pump();
    void begin(const Piece& piece);
    void onStarted(const Piece& piece, Result<JobStorage::PieceRequest> request);
    void onAnswer(const Piece& piece, const JobStorage::Piece& facts, Result<PieceDispatch::Response> answer);
    void keep(const Piece& piece, const JobStorage::Piece& facts, PieceDispatch::Response response);
    void onError(const Piece& piece, const JobStorage::Piece& facts, const Error& error);
    void runAgain(const Piece& piece, const PieceVerdict& verdict);
    void finishIfDone(const std::string& id);
    void complete(const std::string& id);
    void end(const std::string& id, v1::JobStatus status, const Error& error);
    void cancelPieces(const std::string& id);
    void drop(const Job& job);
    void later(std::chrono::milliseconds pause, std::function<void()> what);
    [[nodiscard]] Active* active(const std::string& id);

    JobSettings m_settings;
    DispatcherOptions m_limits;
    Ports m_ports;
    JobLanes m_lanes;
    std::map<std::string, Active> m_active;
    std::map<std::string, Piece> m_submitted; // by request id
    bool m_stopping = false;
    bool m_pumping = false;
    QTimer m_sweepTimer;
    QObject m_context; // of timers
    std::shared_ptr<const bool> m_alive = std::make_shared<const bool>(true);
};

template <typename T>
void JobRunner::ask(std::function<Result<T>(JobStorage&)> work, std::function<void(Result<T>)> then) {
    m_ports.storage.call<T>(std::move(work), m_ports.engineThread,
                            [alive = std::weak_ptr(m_alive), then = std::move(then)](Result<T> answer) {
                                if (!alive.expired())
                                    then(std::move(answer));
                            });
}

} // namespace mm::inference
