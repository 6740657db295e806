// A job: a request that was accepted, is kept in the database, and is computed in pieces; its states and what may
// follow which. Plain values and pure functions, any thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "modelmora/v1/inference.pb.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mm::inference {

namespace v1 = modelmora::v1;

// Whom to tell about a job's end, and how that went.
struct Webhook {
    std::string url;    // empty: nobody
    std::string secret; // signs what is sent; never shown
    bool delivered = false;
    int attempts = 0;
    std::string lastError;
    std::optional<WallTime> dueAt; // of the next attempt; none before the job's end and after the last attempt
};

struct Job {
    std::string id;
    std::string client;
    std::string modelKey; // "org/repo@version", as it was when the job was accepted
    std::string modelId;  // "org/repo"
    v1::JobStatus status = v1::JOB_STATUS_QUEUED;
    v1::Priority priority = v1::PRIORITY_NORMAL;
    std::string idempotencyKey;
    std::string contentSha256; // of what the client asked for
    std::int64_t inputsTotal = 0;
    std::int64_t inputsDone = 0;
    int pieces = 0;
    int attempts = 0; // the most starts that any of its pieces needed
    std::int64_t payloadBytes = 0;
    std::chrono::seconds keepFor{};
    WallTime createdAt;
    std::optional<WallTime> startedAt;
    std::optional<WallTime> completedAt;
    std::optional<WallTime> expiresAt;
    std::int64_t resultBytes = 0;
    std::string resultSha256;
    bool resultRemoved = false; // or, of one that failed or was cancelled, its inputs
    std::optional<v1::Error> error;
    Webhook webhook;
};

// The spelling of database and REST: "queued" and so on. Nothing for an unknown one.
std::string_view jobStatusName(v1::JobStatus status);
std::optional<v1::JobStatus> jobStatusFromName(std::string_view name);

[[nodiscard]] bool isOver(v1::JobStatus status);
// queued → processing → completed, failed; queued and processing → failed, cancelled; nothing leaves an end.
[[nodiscard]] bool mayFollow(v1::JobStatus from, v1::JobStatus to);
// IllegalTransition, naming the job and both states.
Result<void> checkTransition(const Job& job, v1::JobStatus to);

// JobNotReady, or what the job ended with, or JobResultExpired; nothing where there is a result to give.
Result<void> checkResultReady(const Job& job, WallTime now);

// Whether what the job was asked is still there to be asked again: it failed or was cancelled, and its time is not
// over. IllegalTransition or JobResultExpired otherwise.
Result<void> checkRetry(const Job& job, WallTime now);
// The draft of a job that asks the same for the same client.
Job retryOf(const Job& job);

Error jobNotFound(const std::string& id);

v1::JobStatusResponse toProto(const Job& job);

} // namespace mm::inference
