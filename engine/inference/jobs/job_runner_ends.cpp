// How jobs end: completed, failed, cancelled.
#include "engine/base/log.h"
#include "engine/inference/jobs/job_runner.h"

#include <utility>

namespace mm::inference {

void JobRunner::complete(const std::string& id) {
    ask<Job>([id](JobStorage& storage) { return storage.complete(id); },
             [this, id](Result<Job> completed) {
                 if (completed.ok())
                     return drop(*completed);
                 if (active(id) == nullptr)
                     return; // cancelled meanwhile
                 if (completed.error().code != ErrorCode::StorageFull)
                     return end(id, v1::JOB_STATUS_FAILED, completed.error());
                 log::write(log::Level::Warning, "a job's result waits for room on the disk", completed.error(),
                            {{"job_id", id}});
                 later(m_settings.longestPause, [this, id] {
                     if (active(id) != nullptr)
                         complete(id);
                 });
             });
}

void JobRunner::end(const std::string& id, v1::JobStatus status, const Error& error) {
    m_active.at(id).closing = true;
    cancelPieces(id);
    ask<Job>([id, status, error](JobStorage& storage) { return storage.end(id, status, error); },
             [this, id](Result<Job> ended) {
                 if (ended.ok())
                     return drop(*ended);
                 if (active(id) == nullptr)
                     return; // by another way
                 // It stays unfinished in the database, and the next start of the engine takes it up again.
                 log::write(log::Level::Error, "a job's end could not be kept", ended.error(), {{"job_id", id}});
                 m_lanes.remove(id);
                 m_active.erase(id);
                 pump();
             });
}

int JobRunner::endModel(const std::string& key, const Error& error) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    std::vector<std::string> ids;
    for (const auto& [id, job] : m_active)
        if (job.modelKey == key && !job.closing)
            ids.push_back(id);
    for (const std::string& id : ids)
        m_lanes.pause(id, true); // the end of one is not the turn of the next
    for (const std::string& id : ids)
        if (const Active* job = active(id); job != nullptr && !job->closing)
            end(id, v1::JOB_STATUS_FAILED, error);
    return static_cast<int>(ids.size());
}

void JobRunner::cancelPieces(const std::string& id) {
    std::vector<std::string> ids;
    for (auto at = m_submitted.lower_bound(id + "."); at != m_submitted.end() && at->second.job == id; ++at)
        ids.push_back(at->first);
    for (const std::string& requestId : ids)
        m_ports.pieces.cancel(requestId);
}

void JobRunner::cancel(const std::string& id, Reply<Job> reply) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    if (active(id) == nullptr)
        return ask<Job>([id](JobStorage& storage) { return storage.forget(id); }, std::move(reply));
    const Error error{ErrorCode::RequestCancelled, "The job was cancelled.", {{"job_id", id}}};
    ask<Job>([id, error](JobStorage& storage) { return storage.end(id, v1::JOB_STATUS_CANCELLED, error); },
             [this, id, reply = std::move(reply)](Result<Job> ended) {
                 if (ended.ok()) {
                     if (Active* job = active(id))
                         job->closing = true;
                     cancelPieces(id);
                     drop(*ended);
                     return reply(std::move(ended));
                 }
                 // It ended by itself while this was on its way: that end is the answer.
                 if (ended.error().code == ErrorCode::IllegalTransition)
                     return get(id, reply);
                 reply(std::move(ended));
             });
}

void JobRunner::drop(const Job& job) {
    log::info("job ended", {{"job_id", job.id},
                            {"status", jobStatusName(job.status)},
                            {"inputs", job.inputsDone},
                            {"attempts", job.attempts}});
    m_lanes.remove(job.id);
    m_active.erase(job.id);
    m_ports.listener.onJobEnded(job);
    pump();
}

} // namespace mm::inference
