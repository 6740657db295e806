#include "engine/app/adapters/events/job_events.h"

#include "engine/ipc/facts.h"
#include "engine/ipc/names.h"

#include <utility>

namespace mm::app {
namespace {

using namespace events;
using inference::Job;
namespace v1 = inference::v1;

EventDraft draftOf(const Job& job, const std::string& what) {
    return {.modelId = job.modelKey,
            .jobId = job.id,
            .client = job.client,
            .message = "Job " + job.id + " " + what + ".",
            .details = {{"inputs_done", job.inputsDone}, {"inputs_total", job.inputsTotal}}};
}

const EventType& typeOf(v1::JobStatus status) {
    switch (status) {
    case v1::JOB_STATUS_COMPLETED:
        return type::kJobCompleted;
    case v1::JOB_STATUS_CANCELLED:
        return type::kJobCancelled;
    default:
        return type::kJobFailed;
    }
}

} // namespace

void JobEvents::onJobAccepted(const Job& job) {
    EventDraft draft = draftOf(job, "is accepted");
    draft.details["priority"] = std::string(priorityName(job.priority));
    draft.details["pieces"] = std::int64_t{job.pieces};
    m_log.publish(type::kJobAccepted, std::move(draft));
}

void JobEvents::onJobProgress(const inference::JobProgress& progress) {
    const int percent =
        progress.inputsTotal == 0 ? 100 : static_cast<int>(progress.inputsDone * 100 / progress.inputsTotal);
    int& told = m_percent[progress.id];
    if (percent <= told)
        return;
    told = percent;
    m_log.publish(type::kJobProgress,
                  {.modelId = progress.modelKey,
                   .jobId = progress.id,
                   .client = progress.client,
                   .message = "Job " + progress.id + " is done to " + std::to_string(percent) + " %.",
                   .details = {{"inputs_done", progress.inputsDone},
                               {"inputs_total", progress.inputsTotal},
                               {"percent", std::int64_t{percent}}}});
}

void JobEvents::onJobEnded(const Job& job) {
    m_percent.erase(job.id);
    EventDraft draft = draftOf(job, "is " + std::string(inference::jobStatusName(job.status)));
    if (job.error) {
        draft.message += " " + job.error->message();
        draft.details["error_code"] = job.error->code();
    }
    if (job.status == v1::JOB_STATUS_COMPLETED) {
        draft.details["result_bytes"] = job.resultBytes;
        draft.details["result_sha256"] = job.resultSha256;
    }
    m_log.publish(typeOf(job.status), std::move(draft));
}

void JobEvents::onWebhook(const Job& job) {
    const inference::Webhook& webhook = job.webhook;
    EventDraft draft = draftOf(job, webhook.delivered ? "has been told by its webhook"
                                    : webhook.dueAt   ? "could not be told by its webhook and will be once more"
                                                      : "could not be told by its webhook, which is given up");
    draft.details = {{"delivered", webhook.delivered},
                     {"attempts", std::int64_t{webhook.attempts}},
                     {"given_up", !webhook.delivered && !webhook.dueAt}};
    if (!webhook.delivered)
        draft.details["reason"] = webhook.lastError;
    m_log.publish(type::kJobWebhook, std::move(draft));
}

} // namespace mm::app
