// What jobs need from the rest of the engine. Everything is called on the engine thread, and answers come there.
#pragma once

#include "engine/base/reply.h"
#include "engine/inference/jobs/job.h"

#include <memory>
#include <string>

namespace mm::inference {

// Computes pieces as the requests that they are, in the common queue.
class PieceDispatch {
public:
    virtual ~PieceDispatch() = default;

    struct Origin {
        std::string requestId; // of the piece
        std::string client;    // of the job
    };
    using Response = std::shared_ptr<const v1::InferenceResponse>;
    // A piece waits for as long as it takes; its timeout counts from when a worker has it, and anew while more urgent
    // requests go before it. May reply before it returns.
    virtual void submit(std::shared_ptr<const v1::InferenceRequest> piece, Origin origin, Reply<Response> reply) = 0;
    // Its reply comes all the same.
    virtual void cancel(const std::string& requestId) = 0;
};

// More of a job's inputs are done, and kept.
struct JobProgress {
    const std::string& id;
    const std::string& modelKey;
    const std::string& client;
    std::int64_t inputsDone = 0;
    std::int64_t inputsTotal = 0;
};

// What a listener does not override it does not hear.
class JobListener {
public:
    virtual ~JobListener() = default;
    // It is on the disk.
    virtual void onJobAccepted(const Job& /*job*/) {}
    virtual void onJobProgress(const JobProgress& /*progress*/) {}
    // Its end has been told once more, with or without success: job.webhook says so.
    virtual void onWebhook(const Job& /*job*/) {}
    // Completed, failed or cancelled; it is in the database already.
    virtual void onJobEnded(const Job& job) = 0;
};

} // namespace mm::inference
