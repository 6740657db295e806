#include "engine/service/audit/audited_services.h"

#include <utility>

namespace mm::service {
namespace {

std::string versioned(const std::string& modelId, const std::string& version) {
    return version.empty() ? modelId : modelId + "@" + version;
}

} // namespace

void AuditedModelService::registerModel(v1::RegisterModelRequest request, Reply<v1::Model> reply) {
    m_trail.change("model.register", {.modelId = versioned(request.model_id(), request.version())}, std::move(reply),
                   [&](auto noted) { m_models.registerModel(std::move(request), std::move(noted)); });
}

void AuditedModelService::listModels(v1::ListModelsRequest request, Reply<v1::ListModelsResponse> reply) {
    m_models.listModels(std::move(request), std::move(reply));
}

void AuditedModelService::getModel(v1::GetModelRequest request, Reply<v1::Model> reply) {
    m_models.getModel(std::move(request), std::move(reply));
}

void AuditedModelService::updateModel(v1::UpdateModelRequest request, Reply<v1::Model> reply) {
    m_trail.change("model.update", {.modelId = request.model_id()}, std::move(reply),
                   [&](auto noted) { m_models.updateModel(std::move(request), std::move(noted)); });
}

void AuditedModelService::deleteModel(v1::DeleteModelRequest request, Reply<v1::DeleteModelResponse> reply) {
    m_trail.change("model.delete", {.modelId = request.model_id()}, std::move(reply),
                   [&](auto noted) { m_models.deleteModel(std::move(request), std::move(noted)); });
}

void AuditedModelService::listVersions(v1::ListVersionsRequest request, Reply<v1::ListVersionsResponse> reply) {
    m_models.listVersions(std::move(request), std::move(reply));
}

void AuditedModelService::promoteVersion(v1::PromoteVersionRequest request, Reply<v1::Model> reply) {
    m_trail.change("version.promote", {.modelId = versioned(request.model_id(), request.version())}, std::move(reply),
                   [&](auto noted) { m_models.promoteVersion(std::move(request), std::move(noted)); });
}

void AuditedModelService::deprecateVersion(v1::DeprecateVersionRequest request, Reply<v1::Model> reply) {
    m_trail.change("version.deprecate", {.modelId = versioned(request.model_id(), request.version())}, std::move(reply),
                   [&](auto noted) { m_models.deprecateVersion(std::move(request), std::move(noted)); });
}

void AuditedModelService::deleteVersion(v1::DeleteVersionRequest request, Reply<v1::DeleteVersionResponse> reply) {
    m_trail.change("version.delete", {.modelId = versioned(request.model_id(), request.version())}, std::move(reply),
                   [&](auto noted) { m_models.deleteVersion(std::move(request), std::move(noted)); });
}

void AuditedModelService::loadModel(v1::LoadModelRequest request, ProgressHandler progress,
                                    Reply<v1::ModelStatus> reply) {
    m_trail.change("model.load", {.modelId = request.model_id()}, std::move(reply),
                   [&](auto noted) { m_models.loadModel(std::move(request), std::move(progress), std::move(noted)); });
}

void AuditedModelService::planLoad(v1::PlanLoadRequest request, Reply<v1::LoadPlan> reply) {
    m_models.planLoad(std::move(request), std::move(reply));
}

void AuditedModelService::setPinned(v1::SetPinnedRequest request, Reply<v1::ModelStatus> reply) {
    const std::string_view action = request.pinned() ? "model.pin" : "model.unpin";
    m_trail.change(action, {.modelId = request.model_id()}, std::move(reply),
                   [&](auto noted) { m_models.setPinned(std::move(request), std::move(noted)); });
}

void AuditedModelService::unloadModel(v1::UnloadModelRequest request, Reply<v1::UnloadModelResponse> reply) {
    m_trail.change(request.now() ? "model.kill" : "model.unload", {.modelId = request.model_id()}, std::move(reply),
                   [&](auto noted) { m_models.unloadModel(std::move(request), std::move(noted)); });
}

void AuditedModelService::modelStatus(v1::GetModelStatusRequest request, Reply<v1::ModelStatus> reply) {
    m_models.modelStatus(std::move(request), std::move(reply));
}

void AuditedQueueService::queue(v1::GetQueueRequest request, Reply<v1::QueueReport> reply) {
    m_queue.queue(std::move(request), std::move(reply));
}

void AuditedQueueService::getRequest(v1::GetRequestRequest request, Reply<v1::QueueEntry> reply) {
    m_queue.getRequest(std::move(request), std::move(reply));
}

void AuditedQueueService::cancelRequest(v1::CancelRequestRequest request, Reply<v1::QueueEntry> reply) {
    m_trail.change("request.cancel", {.requestId = request.request_id()}, std::move(reply),
                   [&](auto noted) { m_queue.cancelRequest(std::move(request), std::move(noted)); });
}

void AuditedQueueService::setRequestPriority(v1::SetRequestPriorityRequest request, Reply<v1::QueueEntry> reply) {
    m_trail.change("request.priority", {.requestId = request.request_id()}, std::move(reply),
                   [&](auto noted) { m_queue.setRequestPriority(std::move(request), std::move(noted)); });
}

void AuditedQueueService::holdRequest(v1::HoldRequestRequest request, Reply<v1::QueueEntry> reply) {
    m_trail.change("request.hold", {.requestId = request.request_id()}, std::move(reply),
                   [&](auto noted) { m_queue.holdRequest(std::move(request), std::move(noted)); });
}

void AuditedQueueService::releaseRequest(v1::ReleaseRequestRequest request, Reply<v1::QueueEntry> reply) {
    m_trail.change("request.release", {.requestId = request.request_id()}, std::move(reply),
                   [&](auto noted) { m_queue.releaseRequest(std::move(request), std::move(noted)); });
}

// A job is work, not a change that somebody orders; job.accepted tells of it.
void AuditedJobService::submit(std::shared_ptr<const v1::InferenceRequest> request, CallContext call,
                               Reply<v1::JobReference> reply) {
    m_jobs.submit(std::move(request), std::move(call), std::move(reply));
}

void AuditedJobService::status(v1::GetJobStatusRequest request, Reply<v1::JobStatusResponse> reply) {
    m_jobs.status(std::move(request), std::move(reply));
}

void AuditedJobService::result(v1::GetJobResultRequest request, Reply<Response> reply) {
    m_jobs.result(std::move(request), std::move(reply));
}

void AuditedJobService::openResult(v1::GetJobResultRequest request, Reply<OpenResult> reply) {
    m_jobs.openResult(std::move(request), std::move(reply));
}

void AuditedJobService::list(v1::ListJobsRequest request, Reply<v1::ListJobsResponse> reply) {
    m_jobs.list(std::move(request), std::move(reply));
}

void AuditedJobService::cancel(v1::CancelJobRequest request, Reply<v1::CancelJobResponse> reply) {
    m_trail.change("job.cancel", {.jobId = request.job_id()}, std::move(reply),
                   [&](auto noted) { m_jobs.cancel(std::move(request), std::move(noted)); });
}

void AuditedJobService::retry(v1::RetryJobRequest request, Reply<v1::JobReference> reply) {
    m_trail.change("job.retry", {.jobId = request.job_id()}, std::move(reply),
                   [&](auto noted) { m_jobs.retry(std::move(request), std::move(noted)); });
}

void AuditedObservabilityService::metrics(Reply<v1::MetricsText> reply) {
    m_observability.metrics(std::move(reply));
}

void AuditedObservabilityService::history(v1::GetHistoryRequest request, Reply<v1::HistoryReport> reply) {
    m_observability.history(std::move(request), std::move(reply));
}

void AuditedObservabilityService::requests(v1::ListRequestsRequest request, Reply<v1::ListRequestsResponse> reply) {
    m_observability.requests(std::move(request), std::move(reply));
}

void AuditedObservabilityService::logLevel(Reply<v1::LogLevelStatus> reply) {
    m_observability.logLevel(std::move(reply));
}

void AuditedObservabilityService::setLogLevel(v1::SetLogLevelRequest request, Reply<v1::LogLevelStatus> reply) {
    m_trail.change("log.level", {.value = request.level()}, std::move(reply),
                   [&](auto noted) { m_observability.setLogLevel(std::move(request), std::move(noted)); });
}

void AuditedObservabilityService::diagnose(v1::DiagnoseRequest request, Reply<v1::Diagnosis> reply) {
    m_observability.diagnose(std::move(request), std::move(reply));
}

} // namespace mm::service
