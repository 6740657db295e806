// JobService behind the gate: who may submit, and whose jobs one may see. Below operator those are one's own; another's
// is answered as if there were none. Any thread.
#pragma once

#include "engine/service/guard/guard.h"
#include "engine/service/jobs/job_service.h"

namespace mm::service {

class GuardedJobService final : public JobService {
public:
    GuardedJobService(JobService& jobs, const Guard& guard) : m_jobs(jobs), m_guard(guard) {}

    void submit(std::shared_ptr<const v1::InferenceRequest> request, CallContext call,
                Reply<v1::JobReference> reply) override;
    void status(v1::GetJobStatusRequest request, Reply<v1::JobStatusResponse> reply) override;
    void result(v1::GetJobResultRequest request, Reply<Response> reply) override;
    void openResult(v1::GetJobResultRequest request, Reply<OpenResult> reply) override;
    void list(v1::ListJobsRequest request, Reply<v1::ListJobsResponse> reply) override;
    void cancel(v1::CancelJobRequest request, Reply<v1::CancelJobResponse> reply) override;
    void retry(v1::RetryJobRequest request, Reply<v1::JobReference> reply) override;

private:
    // Whose job it is decides, before anything else is asked.
    void allowedRetry(const access::IdentityPtr& identity, const v1::RetryJobRequest& request,
                      const v1::JobStatusResponse& job, Reply<v1::JobReference> reply);
    // method(request, reply) once the job has turned out to be one that the caller may touch.
    template <typename Request, typename Value>
    void ifOwn(access::Operation operation, Request request, Reply<Value> reply,
               void (JobService::*method)(Request, Reply<Value>));

    JobService& m_jobs;
    const Guard& m_guard;
};

} // namespace mm::service
