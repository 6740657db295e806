// The services behind the gate: every call is decided once more where its model and its owner are known, by the same
// table for REST and gRPC. A call without a caller is refused. Any thread.
#pragma once

#include "engine/service/guard/guard.h"
#include "engine/service/inference_service.h"
#include "engine/service/model_service.h"
#include "engine/service/queue_service.h"

#include <functional>
#include <string>

namespace mm::service {

class GuardedModelService final : public ModelService {
public:
    // Both outlive it, as they do below.
    GuardedModelService(ModelService& models, const Guard& guard) : m_models(models), m_guard(guard) {}

    void registerModel(v1::RegisterModelRequest request, Reply<v1::Model> reply) override;
    // Leaves out what the caller may not use, and does not count it.
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
    template <typename Request, typename Response>
    void ask(access::Operation operation, Request request, Reply<Response> reply,
             void (ModelService::*method)(Request, Reply<Response>));
    template <typename Request, typename Response>
    void askWithOthers(access::Operation operation, Request request, Reply<Response> reply,
                       void (ModelService::*method)(Request, Reply<Response>));

    ModelService& m_models;
    const Guard& m_guard;
};

class GuardedInferenceService final : public InferenceService {
public:
    GuardedInferenceService(InferenceService& inference, const Guard& guard) : m_inference(inference), m_guard(guard) {}

    void infer(std::shared_ptr<const v1::InferenceRequest> request, CallContext call, Reply<Response> reply) override;
    void cancel(std::string requestId) override { m_inference.cancel(std::move(requestId)); }

private:
    InferenceService& m_inference;
    const Guard& m_guard;
};

class GuardedQueueService final : public QueueService {
public:
    GuardedQueueService(QueueService& queue, const Guard& guard) : m_queue(queue), m_guard(guard) {}

    void queue(v1::GetQueueRequest request, Reply<v1::QueueReport> reply) override;
    void getRequest(v1::GetRequestRequest request, Reply<v1::QueueEntry> reply) override;
    void cancelRequest(v1::CancelRequestRequest request, Reply<v1::QueueEntry> reply) override;
    void setRequestPriority(v1::SetRequestPriorityRequest request, Reply<v1::QueueEntry> reply) override;
    void holdRequest(v1::HoldRequestRequest request, Reply<v1::QueueEntry> reply) override;
    void releaseRequest(v1::ReleaseRequestRequest request, Reply<v1::QueueEntry> reply) override;

private:
    // next(reply) where the request is of a model that the caller may know of; as if it were not there otherwise.
    void ifKnown(access::Operation operation, const std::string& requestId, Reply<v1::QueueEntry> reply,
                 std::function<void(Reply<v1::QueueEntry>)> next);
    void cancelOwn(const v1::CancelRequestRequest& request, Reply<v1::QueueEntry> reply);

    QueueService& m_queue;
    const Guard& m_guard;
};

// May this caller have that computed, and with which priority? Gives the request as it goes on.
Result<std::shared_ptr<const v1::InferenceRequest>> admitted(const Guard& guard, access::Operation operation,
                                                             std::shared_ptr<const v1::InferenceRequest> request,
                                                             const CallContext& call);

} // namespace mm::service
