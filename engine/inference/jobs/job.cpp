#include "engine/inference/jobs/job.h"

#include "engine/ipc/facts.h"

#include <google/protobuf/util/time_util.h>

#include <array>
#include <utility>

namespace mm::inference {
namespace {

constexpr std::array<std::pair<v1::JobStatus, std::string_view>, 5> kNames{{
    {v1::JOB_STATUS_QUEUED, "queued"},
    {v1::JOB_STATUS_PROCESSING, "processing"},
    {v1::JOB_STATUS_COMPLETED, "completed"},
    {v1::JOB_STATUS_FAILED, "failed"},
    {v1::JOB_STATUS_CANCELLED, "cancelled"},
}};

google::protobuf::Timestamp stamp(WallTime time) {
    return google::protobuf::util::TimeUtil::MillisecondsToTimestamp(
        std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count());
}

std::string inputsDone(const Job& job) {
    return std::to_string(job.inputsDone) + " of " + std::to_string(job.inputsTotal) + " inputs are done";
}

} // namespace

std::string_view jobStatusName(v1::JobStatus status) {
    for (const auto& [known, name] : kNames)
        if (known == status)
            return name;
    return "unspecified";
}

std::optional<v1::JobStatus> jobStatusFromName(std::string_view name) {
    for (const auto& [status, known] : kNames)
        if (known == name)
            return status;
    return std::nullopt;
}

bool isOver(v1::JobStatus status) {
    return status == v1::JOB_STATUS_COMPLETED || status == v1::JOB_STATUS_FAILED || status == v1::JOB_STATUS_CANCELLED;
}

bool mayFollow(v1::JobStatus from, v1::JobStatus to) {
    switch (to) {
    case v1::JOB_STATUS_PROCESSING:
        return from == v1::JOB_STATUS_QUEUED || from == v1::JOB_STATUS_PROCESSING;
    case v1::JOB_STATUS_COMPLETED:
        return from == v1::JOB_STATUS_PROCESSING;
    case v1::JOB_STATUS_FAILED:
    case v1::JOB_STATUS_CANCELLED:
        return from == v1::JOB_STATUS_QUEUED || from == v1::JOB_STATUS_PROCESSING;
    default:
        return false;
    }
}

Result<void> checkTransition(const Job& job, v1::JobStatus to) {
    if (mayFollow(job.status, to))
        return {};
    return Error{ErrorCode::IllegalTransition,
                 "The job " + job.id + " is " + std::string(jobStatusName(job.status)) + " and cannot become " +
                     std::string(jobStatusName(to)) + ".",
                 {{"job_id", job.id},
                  {"status", std::string(jobStatusName(job.status))},
                  {"wanted", std::string(jobStatusName(to))}}};
}

Result<void> checkResultReady(const Job& job, WallTime now) {
    if (!isOver(job.status))
        return Error{ErrorCode::JobNotReady,
                     "The job " + job.id + " is " + std::string(jobStatusName(job.status)) + ": " + inputsDone(job) +
                         ". Ask for its result when its status is completed.",
                     {{"job_id", job.id},
                      {"status", std::string(jobStatusName(job.status))},
                      {"inputs_done", job.inputsDone},
                      {"inputs_total", job.inputsTotal}}};
    if (job.status != v1::JOB_STATUS_COMPLETED) {
        const std::string name(jobStatusName(job.status));
        const v1::Error ended = job.error.value_or(v1::Error());
        const std::string why = ended.message().empty() ? "" : ": " + ended.message();
        Error error{ErrorCode::JobNotReady, "The job " + job.id + " is " + name + " and has no result" + why,
                    ipc::fromStruct(ended.facts())};
        error.facts.insert({{"job_id", job.id}, {"status", name}});
        if (!ended.code().empty())
            error.facts.insert({"job_error", ended.code()});
        return error;
    }
    const bool isOverdue = job.expiresAt && *job.expiresAt <= now; // and will be swept away soon
    if (!job.resultRemoved && !isOverdue)
        return {};
    const std::string when = toIso8601(job.expiresAt.value_or(job.createdAt));
    return Error{ErrorCode::JobResultExpired,
                 "The result of the job " + job.id + " expired at " + when +
                     " and was removed. Send the request again; keep_result_seconds says how long a result is kept.",
                 {{"job_id", job.id}, {"expired_at", when}}};
}

Result<void> checkRetry(const Job& job, WallTime now) {
    const std::string status(jobStatusName(job.status));
    if (job.status != v1::JOB_STATUS_FAILED && job.status != v1::JOB_STATUS_CANCELLED)
        return Error{ErrorCode::IllegalTransition,
                     "The job " + job.id + " is " + status +
                         "; only one that failed or was cancelled can be tried again.",
                     {{"job_id", job.id}, {"status", status}}};
    const bool isOverdue = job.expiresAt && *job.expiresAt <= now; // and will be swept away soon
    if (!job.resultRemoved && !isOverdue)
        return {};
    return Error{ErrorCode::JobResultExpired,
                 "The inputs of the job " + job.id + " are not kept any more. Send the request again, as a new job.",
                 {{"job_id", job.id}, {"expired_at", toIso8601(job.expiresAt.value_or(job.createdAt))}}};
}

Job retryOf(const Job& job) {
    Job again;
    again.client = job.client;
    again.modelKey = job.modelKey;
    again.modelId = job.modelId;
    again.priority = job.priority;
    again.contentSha256 = job.contentSha256;
    again.inputsTotal = job.inputsTotal;
    again.pieces = job.pieces;
    again.payloadBytes = job.payloadBytes;
    again.keepFor = job.keepFor;
    again.webhook.url = job.webhook.url;
    again.webhook.secret = job.webhook.secret;
    return again;
}

Error jobNotFound(const std::string& id) {
    return {ErrorCode::JobNotFound,
            "There is no job '" + id.substr(0, 100) + "'. It never was, or it was forgotten after its time.",
            {{"job_id", id.substr(0, 100)}}};
}

v1::JobStatusResponse toProto(const Job& job) {
    v1::JobStatusResponse response;
    response.set_job_id(job.id);
    response.set_model_id(job.modelKey);
    response.set_status(job.status);
    response.set_progress(100.0F * static_cast<float>(job.inputsDone) / static_cast<float>(job.inputsTotal));
    *response.mutable_created_at() = stamp(job.createdAt);
    if (job.startedAt)
        *response.mutable_started_at() = stamp(*job.startedAt);
    if (job.completedAt)
        *response.mutable_completed_at() = stamp(*job.completedAt);
    if (job.error)
        *response.mutable_error() = *job.error;
    response.set_inputs_done(job.inputsDone);
    response.set_inputs_total(job.inputsTotal);
    response.set_priority(job.priority);
    response.set_client(job.client);
    response.set_attempts(job.attempts);
    if (job.expiresAt)
        *response.mutable_expires_at() = stamp(*job.expiresAt);
    response.set_result_bytes(job.resultBytes);
    response.set_result_sha256(job.resultSha256);
    if (!job.webhook.url.empty()) {
        response.mutable_webhook()->set_url(job.webhook.url);
        response.mutable_webhook()->set_delivered(job.webhook.delivered);
        response.mutable_webhook()->set_attempts(job.webhook.attempts);
        response.mutable_webhook()->set_last_error(job.webhook.lastError);
    }
    return response;
}

} // namespace mm::inference
