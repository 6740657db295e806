// What the faces may ask of jobs: accept this, how far is it, what came of it, stop it. Every method may be called from
// any thread and returns at once; the reply comes once, on the engine thread. A reply to submit() means that the job
// survives the end of the engine. Errors: JobNotFound, JobNotReady, JobResultExpired, ValidationError with every
// field, QueueFull, PayloadTooLarge, StorageFull and those of an inference.
#pragma once

#include "engine/base/reply.h"
#include "engine/service/call.h"
#include "modelmora/v1/inference.pb.h"
#include "modelmora/v1/jobs.pb.h"

#include <memory>

namespace mm::service {

namespace v1 = modelmora::v1;

// The result of a job as it lies on the disk, in parts that fit into memory one at a time. Immutable, any thread;
// reading blocks, so not on a thread that others wait for.
class JobResult {
public:
    virtual ~JobResult() = default;

    [[nodiscard]] virtual std::size_t parts() const = 0;
    // The outputs of some inputs, in order.
    [[nodiscard]] virtual Result<v1::OutputData> part(std::size_t index) const = 0;
    // The answer without its outputs.
    [[nodiscard]] virtual const v1::InferenceResponse& frame() const = 0;
    // Of the file; names this result among all.
    [[nodiscard]] virtual const std::string& sha256() const = 0;
};

class JobService {
public:
    virtual ~JobService() = default;

    virtual void submit(std::shared_ptr<const v1::InferenceRequest> request, CallContext call,
                        Reply<v1::JobReference> reply) = 0;
    virtual void status(v1::GetJobStatusRequest request, Reply<v1::JobStatusResponse> reply) = 0;
    // As the answer of an inference: shared, immutable, possibly large.
    using Response = std::shared_ptr<const v1::InferenceResponse>;
    virtual void result(v1::GetJobResultRequest request, Reply<Response> reply) = 0;
    // The same in parts, for results of any size.
    using OpenResult = std::shared_ptr<const JobResult>;
    virtual void openResult(v1::GetJobResultRequest request, Reply<OpenResult> reply) = 0;
    virtual void list(v1::ListJobsRequest request, Reply<v1::ListJobsResponse> reply) = 0;
    // Stops a job that is not over, forgets one that is.
    virtual void cancel(v1::CancelJobRequest request, Reply<v1::CancelJobResponse> reply) = 0;
    // A new job with the inputs of one that failed or was cancelled.
    virtual void retry(v1::RetryJobRequest request, Reply<v1::JobReference> reply) = 0;
};

} // namespace mm::service
