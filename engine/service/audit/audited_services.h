// The services with a trail of what was changed through them; whatever only looks goes through untouched. Any thread.
#pragma once

#include "engine/service/audit/audit_trail.h"
#include "engine/service/jobs/job_service.h"
#include "engine/service/model_service.h"
#include "engine/service/observability/observability_service.h"
#include "engine/service/queue_service.h"

namespace mm::service {

class AuditedModelService final : public ModelService {
public:
    // Both outlive it, as they do below.
    AuditedModelService(ModelService& models, AuditTrail& trail) : m_models(models), m_trail(trail) {}

    void registerModel(v1::RegisterModelRequest request, Reply<v1::Model> reply) override;
    void listModels(v1::ListModelsRequest request, Reply<v1::ListModelsResponse> reply) override;
    void getModel(v1::GetModelRequest request, Reply<v1::Model> reply) override;
    void updateModel(v1::UpdateModelRequest request, Reply<v1::Model> reply) override;
    void deleteModel(v1::DeleteModelRequest request, Reply<v1::DeleteModelResponse> reply) override;
    void listVersions(v1::ListVersionsRequest request, Reply<v1::ListVersionsResponse> reply) override;
    void promoteVersion(v1::PromoteVersionRequest request, Reply<v1::Model> reply) override;
    void deprecateVersion(v1::DeprecateVersionRequest request, Reply<v1::Model> reply) override;
    void deleteVersion(v1::DeleteVersionRequest request, Reply<v1::DeleteVersionResponse> reply) override;
    void loadModel(v1::LoadModelRequest request, ProgressHandler progress, Reply<v1::ModelStatus> reply) override;
    void planLoad(v1::PlanLoadRequest request, Reply<v1::LoadPlan> reply) override;
    void setPinned(v1::SetPinnedRequest request, Reply<v1::ModelStatus> reply) override;
    void unloadModel(v1::UnloadModelRequest request, Reply<v1::UnloadModelResponse> reply) override;
    void modelStatus(v1::GetModelStatusRequest request, Reply<v1::ModelStatus> reply) override;

private:
    ModelService& m_models;
    AuditTrail& m_trail;
};

class AuditedQueueService final : public QueueService {
public:
    AuditedQueueService(QueueService& queue, AuditTrail& trail) : m_queue(queue), m_trail(trail) {}

    void queue(v1::GetQueueRequest request, Reply<v1::QueueReport> reply) override;
    void getRequest(v1::GetRequestRequest request, Reply<v1::QueueEntry> reply) override;
    void cancelRequest(v1::CancelRequestRequest request, Reply<v1::QueueEntry> reply) override;
    void setRequestPriority(v1::SetRequestPriorityRequest request, Reply<v1::QueueEntry> reply) override;
    void holdRequest(v1::HoldRequestRequest request, Reply<v1::QueueEntry> reply) override;
    void releaseRequest(v1::ReleaseRequestRequest request, Reply<v1::QueueEntry> reply) override;

private:
    QueueService& m_queue;
    AuditTrail& m_trail;
};

class AuditedJobService final : public JobService {
public:
    AuditedJobService(JobService& jobs, AuditTrail& trail) : m_jobs(jobs), m_trail(trail) {}

    void submit(std::shared_ptr<const v1::InferenceRequest> request, CallContext call,
                Reply<v1::JobReference> reply) override;
    void status(v1::GetJobStatusRequest request, Reply<v1::JobStatusResponse> reply) override;
    void result(v1::GetJobResultRequest request, Reply<Response> reply) override;
    void openResult(v1::GetJobResultRequest request, Reply<OpenResult> reply) override;
    void list(v1::ListJobsRequest request, Reply<v1::ListJobsResponse> reply) override;
    void cancel(v1::CancelJobRequest request, Reply<v1::CancelJobResponse> reply) override;
    void retry(v1::RetryJobRequest request, Reply<v1::JobReference> reply) override;

private:
    JobService& m_jobs;
    AuditTrail& m_trail;
};

class AuditedObservabilityService final : public ObservabilityService {
public:
    AuditedObservabilityService(ObservabilityService& observability, AuditTrail& trail)
        : m_observability(observability), m_trail(trail) {}

    void metrics(Reply<v1::MetricsText> reply) override;
    void history(v1::GetHistoryRequest request, Reply<v1::HistoryReport> reply) override;
    void requests(v1::ListRequestsRequest request, Reply<v1::ListRequestsResponse> reply) override;
    void logLevel(Reply<v1::LogLevelStatus> reply) override;
    void setLogLevel(v1::SetLogLevelRequest request, Reply<v1::LogLevelStatus> reply) override;
    void diagnose(v1::DiagnoseRequest request, Reply<v1::Diagnosis> reply) override;
    void answered(const FaceAnswer& answer) override { m_observability.answered(answer); }

private:
    ObservabilityService& m_observability;
    AuditTrail& m_trail;
};

} // namespace mm::service
