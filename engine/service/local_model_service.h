// ModelService over this process's own catalogue and lifecycle. Made on the engine thread, callable from any.
#pragma once

#include "engine/base/executor.h"
#include "engine/lifecycle/lifecycle_manager.h"
#include "engine/registry/catalogue.h"
#include "engine/service/model_service.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace mm::service {

class LocalModelService final : public ModelService {
public:
    // Answers whatever runs in this model, waits for it or is a job of it with that error; how many those were.
    using EndWork = std::function<int(const std::string& key, const Error& why)>;

    LocalModelService(Executor& engine, registry::Catalogue& catalogue, lifecycle::LifecycleManager& lifecycle,
                      EndWork endWork)
        : m_engine(engine), m_catalogue(catalogue), m_lifecycle(lifecycle), m_endWork(std::move(endWork)) {}

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
    // The rest runs on the engine thread.
    [[nodiscard]] Result<std::string> keyOf(const std::string& modelId) const;
    [[nodiscard]] Result<std::vector<std::string>> keysOf(const std::string& modelId) const;
    [[nodiscard]] Result<void> refuseInUse(const std::vector<std::string>& keys) const;
    void forgetAll(std::vector<std::string> keys, std::function<void()> done);
    void kill(const std::string& key, const std::string& who, Reply<v1::UnloadModelResponse> reply);
    void removeModel(const v1::DeleteModelRequest& request, Reply<v1::DeleteModelResponse> reply);

    Executor& m_engine;
    registry::Catalogue& m_catalogue;
    lifecycle::LifecycleManager& m_lifecycle;
    EndWork m_endWork;
};

} // namespace mm::service
