// JobService over this process's own job runner. Made on the engine thread, callable from any.
#pragma once

#include "engine/base/executor.h"
#include "engine/inference/jobs/job_runner.h"
#include "engine/service/jobs/job_service.h"

namespace mm::service {

class LocalJobService final : public JobService {
public:
    LocalJobService(Executor& engine, inference::JobRunner& jobs) : m_engine(engine), m_jobs(jobs) {}

    void submit(std::shared_ptr<const v1::InferenceRequest> request, CallContext call,
                Reply<v1::JobReference> reply) override;
    void status(v1::GetJobStatusRequest request, Reply<v1::JobStatusResponse> reply) override;
    void result(v1::GetJobResultRequest request, Reply<Response> reply) override;
    void openResult(v1::GetJobResultRequest request, Reply<OpenResult> reply) override;
    void list(v1::ListJobsRequest request, Reply<v1::ListJobsResponse> reply) override;
    void cancel(v1::CancelJobRequest request, Reply<v1::CancelJobResponse> reply) override;
    void retry(v1::RetryJobRequest request, Reply<v1::JobReference> reply) override;

private:
    Executor& m_engine;
    inference::JobRunner& m_jobs;
};

} // namespace mm::service
