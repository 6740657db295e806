#include "engine/service/guard/guarded_jobs.h"

#include "engine/service/guard/guarded_services.h"
#include "engine/service/guard/scope_views.h"

#include <utility>

namespace mm::service {

using access::Operation;

namespace {

Error notThere(const std::string& id) {
    return {ErrorCode::JobNotFound, "There is no job '" + id + "'.", {{"job_id", id}}};
}

} // namespace

template <typename Request, typename Value>
void GuardedJobService::ifOwn(Operation operation, Request request, Reply<Value> reply,
                              void (JobService::*method)(Request, Reply<Value>)) {
    m_guard.check(operation, {}, std::move(reply), [&](Reply<Value> brought) {
        const access::IdentityPtr identity = CallerScope::identity();
        if (access::mayTouch(*identity, operation, {}) && !knownTo(identity))
            return (m_jobs.*method)(std::move(request), std::move(brought));
        v1::GetJobStatusRequest whose;
        whose.set_job_id(request.job_id());
        const auto next = [this, operation, request, identity, method,
                           reply = std::move(brought)](Result<v1::JobStatusResponse> job) {
            if (!job.ok())
                return reply(std::move(job).error());
            const auto known = knownTo(identity);
            if (!access::mayTouch(*identity, operation, job->client()) || (known && !known(job->model_id())))
                return reply(m_guard.gate().refuse(identity, operation, request.job_id(), notThere(request.job_id())));
            (m_jobs.*method)(request, reply);
        };
        m_jobs.status(whose, Guard::bring<v1::JobStatusResponse>(next));
    });
}

void GuardedJobService::submit(std::shared_ptr<const v1::InferenceRequest> request, CallContext call,
                               Reply<v1::JobReference> reply) {
    auto allowed = admitted(m_guard, Operation::SubmitJob, std::move(request), call);
    if (!allowed.ok())
        return m_guard.refuse(std::move(reply), std::move(allowed).error());
    m_jobs.submit(std::move(allowed).value(), std::move(call), std::move(reply));
}

void GuardedJobService::status(v1::GetJobStatusRequest request, Reply<v1::JobStatusResponse> reply) {
    ifOwn(Operation::ReadJobs, std::move(request), seenBy(CallerScope::identity(), std::move(reply)),
          &JobService::status);
}

void GuardedJobService::result(v1::GetJobResultRequest request, Reply<Response> reply) {
    ifOwn(Operation::ReadJobs, std::move(request), errorsSeenBy(CallerScope::identity(), std::move(reply)),
          &JobService::result);
}

void GuardedJobService::openResult(v1::GetJobResultRequest request, Reply<OpenResult> reply) {
    ifOwn(Operation::ReadJobs, std::move(request), errorsSeenBy(CallerScope::identity(), std::move(reply)),
          &JobService::openResult);
}

void GuardedJobService::list(v1::ListJobsRequest request, Reply<v1::ListJobsResponse> reply) {
    m_guard.check(Operation::ReadJobs, {}, std::move(reply), [&](Reply<v1::ListJobsResponse> brought) {
        const access::Identity& identity = *CallerScope::identity();
        if (!access::mayTouch(identity, Operation::ReadJobs, {}))
            request.set_client(identity.name);
        m_jobs.list(std::move(request), seenBy(CallerScope::identity(), std::move(brought)));
    });
}

void GuardedJobService::cancel(v1::CancelJobRequest request, Reply<v1::CancelJobResponse> reply) {
    ifOwn(Operation::CancelJob, std::move(request), std::move(reply), &JobService::cancel);
}

// It computes as the first try did, so that the caller must still be one that may have this model compute.
void GuardedJobService::retry(v1::RetryJobRequest request, Reply<v1::JobReference> reply) {
    m_guard.check(Operation::RetryJob, {}, std::move(reply), [&](Reply<v1::JobReference> brought) {
        v1::GetJobStatusRequest whose;
        whose.set_job_id(request.job_id());
        const auto next = [this, request, identity = CallerScope::identity(),
                           reply = std::move(brought)](Result<v1::JobStatusResponse> job) {
            if (!job.ok())
                return reply(std::move(job).error());
            allowedRetry(identity, request, *job, reply);
        };
        m_jobs.status(whose, Guard::bring<v1::JobStatusResponse>(next));
    });
}

void GuardedJobService::allowedRetry(const access::IdentityPtr& identity, const v1::RetryJobRequest& request,
                                     const v1::JobStatusResponse& job, Reply<v1::JobReference> reply) {
    access::Gate& gate = m_guard.gate();
    if (!access::mayTouch(*identity, Operation::RetryJob, job.client()))
        return reply(gate.refuse(identity, Operation::RetryJob, request.job_id(), notThere(request.job_id())));
    if (Result<void> allowed = gate.decide(identity, Operation::SubmitJob, job.model_id()); !allowed.ok())
        return reply(std::move(allowed).error());
    if (Result<void> left = gate.checkCompute(identity, Operation::SubmitJob, job.model_id()); !left.ok())
        return reply(std::move(left).error());
    m_jobs.retry(request, std::move(reply));
}

} // namespace mm::service
