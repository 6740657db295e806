// What the faces may ask about models: the registry and the lifecycle, in the messages of the public API.
// Every method may be called from any thread and returns at once; the reply comes once, on the engine thread, and hands
// over quickly to the face's own thread. model_id is "org/repo" (the current version) or "org/repo@version".
#pragma once

#include "engine/base/reply.h"
#include "modelmora/v1/management.pb.h"
#include "modelmora/v1/registry.pb.h"

#include <functional>

namespace mm::service {

namespace v1 = modelmora::v1;

class ModelService {
public:
    virtual ~ModelService() = default;

    virtual void registerModel(v1::RegisterModelRequest request, Reply<v1::Model> reply) = 0;
    virtual void listModels(v1::ListModelsRequest request, Reply<v1::ListModelsResponse> reply) = 0;
    virtual void getModel(v1::GetModelRequest request, Reply<v1::Model> reply) = 0;
    virtual void updateModel(v1::UpdateModelRequest request, Reply<v1::Model> reply) = 0;
    // Fails with ModelInUse while a version of it is loaded, unless forced: then it is unloaded first.
    virtual void deleteModel(v1::DeleteModelRequest request, Reply<v1::DeleteModelResponse> reply) = 0;

    virtual void listVersions(v1::ListVersionsRequest request, Reply<v1::ListVersionsResponse> reply) = 0;
    virtual void promoteVersion(v1::PromoteVersionRequest request, Reply<v1::Model> reply) = 0;
    virtual void deprecateVersion(v1::DeprecateVersionRequest request, Reply<v1::Model> reply) = 0;
    virtual void deleteVersion(v1::DeleteVersionRequest request, Reply<v1::DeleteVersionResponse> reply) = 0;

    // `progress` (may be empty) is called on the engine thread, never after the reply.
    using ProgressHandler = std::function<void(const v1::LoadStage&)>;
    virtual void loadModel(v1::LoadModelRequest request, ProgressHandler progress, Reply<v1::ModelStatus> reply) = 0;
    // What a load would do and whom it would evict, without doing anything.
    virtual void planLoad(v1::PlanLoadRequest request, Reply<v1::LoadPlan> reply) = 0;
    // A pinned model is never evicted and never idle, until the engine ends; its configuration can pin it for good.
    virtual void setPinned(v1::SetPinnedRequest request, Reply<v1::ModelStatus> reply) = 0;
    // Replies when the worker has exited and the system shows its memory free. With `now` nothing that runs in the
    // model or waits for it is waited for: it is all answered with ipc::modelKilled() first.
    virtual void unloadModel(v1::UnloadModelRequest request, Reply<v1::UnloadModelResponse> reply) = 0;
    virtual void modelStatus(v1::GetModelStatusRequest request, Reply<v1::ModelStatus> reply) = 0;
};

} // namespace mm::service
