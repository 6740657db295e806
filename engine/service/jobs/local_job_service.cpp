#include "engine/service/jobs/local_job_service.h"

#include <algorithm>
#include <utility>

namespace mm::service {
namespace {

using inference::Job;
using inference::JobFilter;
using inference::JobPage;

constexpr int kUsualPerPage = 20;
constexpr int kMostPerPage = 100;
constexpr int kMostPages = 1'000'000;

Result<JobFilter> filterOf(const v1::ListJobsRequest& request) {
    const v1::PaginationRequest& pagination = request.pagination();
    if (pagination.page() < 0 || pagination.page() > kMostPages)
        return invalidField("pagination.page", "must be 1 to " + std::to_string(kMostPages) + ", not " +
                                                   std::to_string(pagination.page()));
    if (pagination.page_size() < 0 || pagination.page_size() > kMostPerPage)
        return invalidField("pagination.page_size", "must be 1 to " + std::to_string(kMostPerPage) + ", not " +
                                                        std::to_string(pagination.page_size()));
    JobFilter filter;
    if (request.status() != v1::JOB_STATUS_UNSPECIFIED) {
        if (!v1::JobStatus_IsValid(request.status()))
            return invalidField("status", "is not a status that a job can have");
        filter.status = request.status();
    }
    filter.model = request.model_id();
    filter.client = request.client();
    filter.page = std::max(1, pagination.page());
    filter.pageSize = pagination.page_size() == 0 ? kUsualPerPage : pagination.page_size();
    return filter;
}

v1::ListJobsResponse toProto(const JobPage& page, const JobFilter& filter) {
    v1::ListJobsResponse response;
    for (const Job& job : page.jobs)
        *response.add_jobs() = inference::toProto(job);
    v1::PaginationResponse& pagination = *response.mutable_pagination();
    pagination.set_total(static_cast<std::int32_t>(page.total));
    pagination.set_page(filter.page);
    pagination.set_page_size(filter.pageSize);
    pagination.set_total_pages(static_cast<std::int32_t>((page.total + filter.pageSize - 1) / filter.pageSize));
    return response;
}

// A Reply<Job> that answers with what `as` makes of it.
template <typename Message, typename As>
Reply<Job> with(Reply<Message> reply, As as) {
    return [reply = std::move(reply), as](Result<Job> job) {
        if (job.ok())
            reply(as(*job));
        else
            reply(std::move(job).error());
    };
}

v1::JobReference referenceTo(const Job& job) {
    const v1::JobStatusResponse status = inference::toProto(job);
    v1::JobReference reference;
    reference.set_job_id(status.job_id());
    reference.set_status(status.status());
    *reference.mutable_created_at() = status.created_at();
    return reference;
}

class StoredResult final : public JobResult {
public:
    explicit StoredResult(inference::JobStorage::OpenResult reader) : m_reader(std::move(reader)) {}
    [[nodiscard]] std::size_t parts() const override { return m_reader->parts(); }
    [[nodiscard]] Result<v1::OutputData> part(std::size_t index) const override { return m_reader->part(index); }
    [[nodiscard]] const v1::InferenceResponse& frame() const override { return m_reader->frame(); }
    [[nodiscard]] const std::string& sha256() const override { return m_reader->sha256(); }

private:
    inference::JobStorage::OpenResult m_reader;
};

} // namespace

void LocalJobService::submit(std::shared_ptr<const v1::InferenceRequest> request, CallContext call,
                             Reply<v1::JobReference> reply) {
    m_engine.post([this, request = std::move(request), call = std::move(call), reply = std::move(reply)] {
        m_jobs.submit(request, call.client, with<v1::JobReference>(reply, referenceTo));
    });
}

void LocalJobService::status(v1::GetJobStatusRequest request, Reply<v1::JobStatusResponse> reply) {
    m_engine.post([this, id = request.job_id(), reply = std::move(reply)] {
        m_jobs.get(id, with<v1::JobStatusResponse>(reply, [](const Job& job) { return inference::toProto(job); }));
    });
}

void LocalJobService::result(v1::GetJobResultRequest request, Reply<Response> reply) {
    m_engine.post([this, id = request.job_id(), reply = std::move(reply)] { m_jobs.result(id, reply); });
}

void LocalJobService::openResult(v1::GetJobResultRequest request, Reply<OpenResult> reply) {
    m_engine.post([this, id = request.job_id(), reply = std::move(reply)] {
        m_jobs.openResult(id, [reply](Result<inference::JobStorage::OpenResult> opened) {
            if (opened.ok())
                reply(OpenResult(std::make_shared<const StoredResult>(std::move(opened).value())));
            else
                reply(std::move(opened).error());
        });
    });
}

void LocalJobService::list(v1::ListJobsRequest request, Reply<v1::ListJobsResponse> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)] {
        const auto filter = filterOf(request);
        if (!filter.ok())
            return reply(filter.error());
        m_jobs.list(*filter, [filter = *filter, reply](Result<JobPage> page) {
            if (page.ok())
                reply(toProto(*page, filter));
            else
                reply(std::move(page).error());
        });
    });
}

void LocalJobService::cancel(v1::CancelJobRequest request, Reply<v1::CancelJobResponse> reply) {
    m_engine.post([this, id = request.job_id(), reply = std::move(reply)] {
        m_jobs.cancel(id, with<v1::CancelJobResponse>(reply, [](const Job& job) {
                          v1::CancelJobResponse response;
                          response.set_job_id(job.id);
                          response.set_status(job.status);
                          return response;
                      }));
    });
}

void LocalJobService::retry(v1::RetryJobRequest request, Reply<v1::JobReference> reply) {
    m_engine.post([this, id = request.job_id(), reply = std::move(reply)] {
        m_jobs.retry(id, with<v1::JobReference>(reply, referenceTo));
    });
}

} // namespace mm::service
