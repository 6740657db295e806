// Jobs: POST /infer/{model}/async, and GET /jobs, GET and DELETE /jobs/{id}, GET /jobs/{id}/result, POST
// /jobs/{id}/retry.
#include "engine/rest/json/proto_writer.h"
#include "engine/rest/query.h"
#include "engine/rest/request_body.h"
#include "engine/rest/routes/native/inference_json.h"
#include "engine/rest/routes/native/jobs/job_options_json.h"
#include "engine/rest/routes/native/jobs/result_download.h"
#include "engine/rest/routes/native/native_routes.h"

#include <array>

namespace mm::rest::native {
namespace {

namespace v1 = modelmora::v1;
using service::JobService;

constexpr std::int64_t kMostPages = 1'000'000;
constexpr std::int64_t kMostPerPage = 100;
constexpr std::int64_t kUsualPerPage = 20;

constexpr std::array<std::pair<std::string_view, v1::JobStatus>, 5> kStatuses{{
    {"queued", v1::JOB_STATUS_QUEUED},
    {"processing", v1::JOB_STATUS_PROCESSING},
    {"completed", v1::JOB_STATUS_COMPLETED},
    {"failed", v1::JOB_STATUS_FAILED},
    {"cancelled", v1::JOB_STATUS_CANCELLED},
}};

// The key may come in the header or in the body; both is fine where they agree.
Result<void> readKey(const guard::HttpRequest& http, v1::InferenceRequest& request) {
    const std::string_view header = http.header("idempotency-key");
    if (header.empty())
        return {};
    const std::string& given = request.job().idempotency_key();
    if (!given.empty() && given != header)
        return invalidField("job.idempotency_key", "differs from the header Idempotency-Key; send one of them");
    request.mutable_job()->set_idempotency_key(std::string(header));
    return {};
}

void submit(JobService& jobs, const ExchangePtr& exchange) {
    exchange->work(exchange->request().body.size(), [&jobs, exchange] {
        const Result<std::string_view> json = jsonBody(exchange->request());
        if (!json)
            return exchange->fail(json.error());
        auto request = std::make_shared<v1::InferenceRequest>();
        if (const Result<void> read = readInference(*json, *request); !read)
            return exchange->fail(read.error());
        if (request->embedding_format() != v1::EMBEDDING_FORMAT_UNSPECIFIED)
            return exchange->fail(invalidField("embedding_format", "is for direct answers; results of jobs are lists"));
        if (const Result<void> read = readKey(exchange->request(), *request); !read)
            return exchange->fail(read.error());
        request->set_model_id(exchange->argument("model"));
        const Result<service::CallContext> call = exchange->call();
        if (!call)
            return exchange->fail(call.error());
        jobs.submit(std::move(request), *call, exchange->replyWith<v1::JobReference>(acceptedAnswer));
    });
}

Result<v1::ListJobsRequest> readListQuery(const std::string& text) {
    Query query(text, {"status", "model", "model_id", "client", "page", "page_size", "limit"});
    v1::ListJobsRequest request;
    if (const auto wanted = query.text({"status"})) {
        for (const auto& [name, status] : kStatuses)
            if (name == *wanted)
                request.set_status(status);
        if (request.status() == v1::JOB_STATUS_UNSPECIFIED)
            query.refuse("status", notOneOf(*wanted, "queued, processing, completed, failed, cancelled"));
    }
    request.set_model_id(query.text({"model", "model_id"}).value_or(std::string()));
    request.set_client(query.text({"client"}).value_or(std::string()));
    auto& pagination = *request.mutable_pagination();
    pagination.set_page(static_cast<std::int32_t>(query.integer({"page"}, 1, 1, kMostPages)));
    pagination.set_page_size(
        static_cast<std::int32_t>(query.integer({"page_size", "limit"}, kUsualPerPage, 1, kMostPerPage)));
    MM_CHECK(query.check());
    return request;
}

void listJobs(JobService& jobs, const ExchangePtr& exchange) {
    Result<v1::ListJobsRequest> request = readListQuery(exchange->request().query);
    if (!request)
        return exchange->fail(request.error());
    jobs.list(std::move(request).value(),
              exchange->replyWith<v1::ListJobsResponse>(
                  [](const v1::ListJobsResponse& list) { return semantics::withContentTag(jobListAnswer(list)); }));
}

template <typename Request>
Request namedJob(const ExchangePtr& exchange) {
    Request request;
    request.set_job_id(exchange->argument("job"));
    return request;
}

void jobStatus(JobService& jobs, const ExchangePtr& exchange) {
    jobs.status(namedJob<v1::GetJobStatusRequest>(exchange),
                exchange->replyWith<v1::JobStatusResponse>([](const v1::JobStatusResponse& job) {
                    return semantics::withContentTag({200, toJson(job)});
                }));
}

void cancelJob(JobService& jobs, const ExchangePtr& exchange) {
    jobs.cancel(namedJob<v1::CancelJobRequest>(exchange),
                exchange->replyWith<v1::CancelJobResponse>([](const v1::CancelJobResponse& job) {
                    return Answer{200, toJson(job)};
                }));
}

void retryJob(JobService& jobs, const ExchangePtr& exchange) {
    jobs.retry(namedJob<v1::RetryJobRequest>(exchange), exchange->replyWith<v1::JobReference>(acceptedAnswer));
}

} // namespace

void mountJobs(Router& router, const service::Services& services) {
    JobService& jobs = services.jobs;
    const auto with = [&jobs](auto handler) {
        return [&jobs, handler](const ExchangePtr& exchange) { handler(jobs, exchange); };
    };
    router.add("POST", api("/infer/{model}/async"), access::Operation::SubmitJob, with(submit));
    router.add("GET", api("/jobs"), access::Operation::ReadJobs, with(listJobs));
    router.add("GET", api("/jobs/{job}"), access::Operation::ReadJobs, with(jobStatus));
    router.add("DELETE", api("/jobs/{job}"), access::Operation::CancelJob, with(cancelJob));
    router.add("POST", api("/jobs/{job}/retry"), access::Operation::RetryJob, with(retryJob));
    router.add("GET", api("/jobs/{job}/result"), access::Operation::ReadJobs,
               [&jobs, layouts = std::make_shared<ResultLayouts>()](const ExchangePtr& exchange) {
                   sendJobResult(jobs, exchange, layouts);
               });
}

} // namespace mm::rest::native
