#include "engine/service/guard/guarded_services.h"

#include "engine/inference/dispatcher.h"
#include "engine/service/guard/known_models.h"
#include "engine/service/guard/scope_views.h"

#include <utility>

namespace mm::service {

using access::Operation;

Result<std::shared_ptr<const v1::InferenceRequest>> admitted(const Guard& guard, Operation operation,
                                                             std::shared_ptr<const v1::InferenceRequest> request,
                                                             const CallContext& call) {
    access::Gate& gate = guard.gate();
    MM_CHECK(gate.decide(call.identity, operation, request->model_id()));
    if (!call.isCounted)
        MM_CHECK(gate.count(call.identity, operation));
    MM_CHECK(gate.checkCompute(call.identity, operation, request->model_id()));
    Result<int> priority = access::allowedPriority(*call.identity, request->priority(), v1::PRIORITY_NORMAL);
    if (!priority.ok())
        return gate.refuse(call.identity, operation, request->model_id(), std::move(priority).error());
    if (*priority == request->priority())
        return request;
    auto lowered = std::make_shared<v1::InferenceRequest>(*request);
    lowered->set_priority(static_cast<v1::Priority>(*priority));
    return std::shared_ptr<const v1::InferenceRequest>(std::move(lowered));
}

template <typename Request, typename Response>
void GuardedModelService::ask(Operation operation, Request request, Reply<Response> reply,
                              void (ModelService::*method)(Request, Reply<Response>)) {
    const std::string model = request.model_id();
    m_guard.check(operation, model, std::move(reply),
                  [&](Reply<Response> brought) { (m_models.*method)(std::move(request), std::move(brought)); });
}

// Its answer names models beside the one that is asked for.
template <typename Request, typename Response>
void GuardedModelService::askWithOthers(Operation operation, Request request, Reply<Response> reply,
                                        void (ModelService::*method)(Request, Reply<Response>)) {
    const std::string model = request.model_id();
    m_guard.check(operation, model, std::move(reply), [&](Reply<Response> brought) {
        (m_models.*method)(std::move(request), seenBy(CallerScope::identity(), std::move(brought)));
    });
}

void GuardedModelService::registerModel(v1::RegisterModelRequest request, Reply<v1::Model> reply) {
    ask(Operation::RegisterModel, std::move(request), std::move(reply), &ModelService::registerModel);
}

// Pages are cut again of what is left, so all of them are asked for; a registry has some hundreds of models at most.
void GuardedModelService::listModels(v1::ListModelsRequest request, Reply<v1::ListModelsResponse> reply) {
    m_guard.check(Operation::ReadModels, {}, std::move(reply), [&](Reply<v1::ListModelsResponse> brought) {
        if (knownTo(CallerScope::identity()))
            return std::make_shared<KnownModels>(m_models, std::move(request), std::move(brought))->ask();
        m_models.listModels(std::move(request), std::move(brought));
    });
}

void GuardedModelService::getModel(v1::GetModelRequest request, Reply<v1::Model> reply) {
    ask(Operation::ReadModels, std::move(request), std::move(reply), &ModelService::getModel);
}

void GuardedModelService::updateModel(v1::UpdateModelRequest request, Reply<v1::Model> reply) {
    ask(Operation::UpdateModel, std::move(request), std::move(reply), &ModelService::updateModel);
}

void GuardedModelService::deleteModel(v1::DeleteModelRequest request, Reply<v1::DeleteModelResponse> reply) {
    ask(Operation::DeleteModel, std::move(request), std::move(reply), &ModelService::deleteModel);
}

void GuardedModelService::listVersions(v1::ListVersionsRequest request, Reply<v1::ListVersionsResponse> reply) {
    ask(Operation::ReadModels, std::move(request), std::move(reply), &ModelService::listVersions);
}

void GuardedModelService::promoteVersion(v1::PromoteVersionRequest request, Reply<v1::Model> reply) {
    ask(Operation::ChangeVersion, std::move(request), std::move(reply), &ModelService::promoteVersion);
}

void GuardedModelService::deprecateVersion(v1::DeprecateVersionRequest request, Reply<v1::Model> reply) {
    ask(Operation::ChangeVersion, std::move(request), std::move(reply), &ModelService::deprecateVersion);
}

void GuardedModelService::deleteVersion(v1::DeleteVersionRequest request, Reply<v1::DeleteVersionResponse> reply) {
    ask(Operation::ChangeVersion, std::move(request), std::move(reply), &ModelService::deleteVersion);
}

void GuardedModelService::loadModel(v1::LoadModelRequest request, ProgressHandler progress,
                                    Reply<v1::ModelStatus> reply) {
    const std::string model = request.model_id();
    m_guard.check(Operation::LoadModel, model, std::move(reply), [&](Reply<v1::ModelStatus> brought) {
        m_models.loadModel(std::move(request), std::move(progress),
                           seenBy(CallerScope::identity(), std::move(brought)));
    });
}

void GuardedModelService::planLoad(v1::PlanLoadRequest request, Reply<v1::LoadPlan> reply) {
    askWithOthers(Operation::PlanLoad, std::move(request), std::move(reply), &ModelService::planLoad);
}

void GuardedModelService::setPinned(v1::SetPinnedRequest request, Reply<v1::ModelStatus> reply) {
    askWithOthers(Operation::PinModel, std::move(request), std::move(reply), &ModelService::setPinned);
}

void GuardedModelService::unloadModel(v1::UnloadModelRequest request, Reply<v1::UnloadModelResponse> reply) {
    ask(Operation::UnloadModel, std::move(request), std::move(reply), &ModelService::unloadModel);
}

void GuardedModelService::modelStatus(v1::GetModelStatusRequest request, Reply<v1::ModelStatus> reply) {
    askWithOthers(Operation::ReadModels, std::move(request), std::move(reply), &ModelService::modelStatus);
}

void GuardedInferenceService::infer(std::shared_ptr<const v1::InferenceRequest> request, CallContext call,
                                    Reply<Response> reply) {
    auto allowed = admitted(m_guard, Operation::Infer, std::move(request), call);
    if (!allowed.ok())
        return m_guard.refuse(std::move(reply), std::move(allowed).error());
    auto told = errorsSeenBy(call.identity, std::move(reply));
    m_inference.infer(std::move(allowed).value(), std::move(call), std::move(told));
}

void GuardedQueueService::queue(v1::GetQueueRequest request, Reply<v1::QueueReport> reply) {
    m_guard.check(Operation::ReadQueue, {}, std::move(reply), [&](Reply<v1::QueueReport> brought) {
        m_queue.queue(std::move(request), seenBy(CallerScope::identity(), std::move(brought)));
    });
}

void GuardedQueueService::ifKnown(Operation operation, const std::string& requestId, Reply<v1::QueueEntry> reply,
                                  std::function<void(Reply<v1::QueueEntry>)> next) {
    m_guard.check(operation, {}, std::move(reply), [&](Reply<v1::QueueEntry> brought) {
        const access::IdentityPtr identity = CallerScope::identity();
        auto known = knownTo(identity);
        if (!known)
            return next(std::move(brought));
        v1::GetRequestRequest whose;
        whose.set_request_id(requestId);
        m_queue.getRequest(whose,
                           Guard::bring<v1::QueueEntry>([this, operation, identity, requestId, known = std::move(known),
                                                         next = std::move(next),
                                                         reply = std::move(brought)](Result<v1::QueueEntry> entry) {
                               if (entry.ok() && !known(entry->model_id() + '@' + entry->version()))
                                   return reply(m_guard.gate().refuse(identity, operation, requestId,
                                                                      inference::requestNotFound(requestId)));
                               next(reply);
                           }));
    });
}

void GuardedQueueService::getRequest(v1::GetRequestRequest request, Reply<v1::QueueEntry> reply) {
    ifKnown(Operation::ReadQueue, request.request_id(), std::move(reply), [this, request](Reply<v1::QueueEntry> to) {
        m_queue.getRequest(request, seenBy(CallerScope::identity(), std::move(to)));
    });
}

void GuardedQueueService::cancelRequest(v1::CancelRequestRequest request, Reply<v1::QueueEntry> reply) {
    ifKnown(Operation::CancelRequest, request.request_id(), std::move(reply),
            [this, request](Reply<v1::QueueEntry> to) { cancelOwn(request, std::move(to)); });
}

void GuardedQueueService::cancelOwn(const v1::CancelRequestRequest& request, Reply<v1::QueueEntry> reply) {
    v1::GetRequestRequest whose;
    whose.set_request_id(request.request_id());
    m_queue.getRequest(whose, Guard::bring<v1::QueueEntry>([this, request, identity = CallerScope::identity(),
                                                            reply = std::move(reply)](Result<v1::QueueEntry> entry) {
                           if (!entry.ok())
                               return reply(std::move(entry));
                           if (!access::mayTouch(*identity, Operation::CancelRequest, entry->client()))
                               return reply(m_guard.gate().refuse(
                                   identity, Operation::CancelRequest, request.request_id(),
                                   {ErrorCode::PermissionDenied,
                                    "The request is another client's; cancelling it needs the role operator.",
                                    {{"request_id", request.request_id()}, {"needed_role", std::string("operator")}}}));
                           m_queue.cancelRequest(request, reply);
                       }));
}

void GuardedQueueService::setRequestPriority(v1::SetRequestPriorityRequest request, Reply<v1::QueueEntry> reply) {
    ifKnown(Operation::ChangeQueue, request.request_id(), std::move(reply),
            [this, request](Reply<v1::QueueEntry> to) { m_queue.setRequestPriority(request, std::move(to)); });
}

void GuardedQueueService::holdRequest(v1::HoldRequestRequest request, Reply<v1::QueueEntry> reply) {
    ifKnown(Operation::ChangeQueue, request.request_id(), std::move(reply),
            [this, request](Reply<v1::QueueEntry> to) { m_queue.holdRequest(request, std::move(to)); });
}

void GuardedQueueService::releaseRequest(v1::ReleaseRequestRequest request, Reply<v1::QueueEntry> reply) {
    ifKnown(Operation::ChangeQueue, request.request_id(), std::move(reply),
            [this, request](Reply<v1::QueueEntry> to) { m_queue.releaseRequest(request, std::move(to)); });
}

} // namespace mm::service
