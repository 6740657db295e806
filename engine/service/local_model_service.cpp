#include "engine/service/local_model_service.h"

#include "engine/ipc/loss_cause.h"
#include "engine/ipc/names.h"
#include "engine/lifecycle/policy/serving_config.h"
#include "engine/registry/model_id.h"
#include "engine/service/audit/caller.h"

#include <memory>
#include <utility>

namespace mm::service {
namespace {

// 0: as configured.
Result<void> checkInstances(int instances) {
    if (instances >= 0 && instances <= lifecycle::kMostInstances)
        return {};
    return invalidField("instances", "must be a whole number from 1 to " + std::to_string(lifecycle::kMostInstances) +
                                         ", not " + std::to_string(instances));
}

lifecycle::LoadOrder toOrder(const v1::LoadModelRequest& request) {
    lifecycle::LoadOrder order;
    order.force = request.force();
    if (request.has_pin())
        order.pin = request.pin();
    order.instances = request.instances();
    return order;
}

v1::UnloadModelResponse notLoaded(const std::string& key) {
    v1::UnloadModelResponse response;
    const std::size_t at = key.rfind('@');
    response.set_model_id(key.substr(0, at));
    response.set_version(at == std::string::npos ? std::string() : key.substr(at + 1));
    return response;
}

} // namespace

// Each public method carries its arguments to the engine thread and asks the owner there.

void LocalModelService::registerModel(v1::RegisterModelRequest request, Reply<v1::Model> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)]() mutable {
        m_catalogue.registerModel(std::move(request), std::move(reply));
    });
}

void LocalModelService::listModels(v1::ListModelsRequest request, Reply<v1::ListModelsResponse> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)] { reply(m_catalogue.list(request)); });
}

void LocalModelService::getModel(v1::GetModelRequest request, Reply<v1::Model> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)] { reply(m_catalogue.get(request)); });
}

void LocalModelService::updateModel(v1::UpdateModelRequest request, Reply<v1::Model> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)]() mutable {
        m_catalogue.update(std::move(request), std::move(reply));
    });
}

void LocalModelService::deleteModel(v1::DeleteModelRequest request, Reply<v1::DeleteModelResponse> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)]() mutable {
        removeModel(request, std::move(reply));
    });
}

void LocalModelService::listVersions(v1::ListVersionsRequest request, Reply<v1::ListVersionsResponse> reply) {
    m_engine.post(
        [this, request = std::move(request), reply = std::move(reply)] { reply(m_catalogue.listVersions(request)); });
}

void LocalModelService::promoteVersion(v1::PromoteVersionRequest request, Reply<v1::Model> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)]() mutable {
        m_catalogue.promoteVersion(std::move(request), std::move(reply));
    });
}

void LocalModelService::deprecateVersion(v1::DeprecateVersionRequest request, Reply<v1::Model> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)]() mutable {
        m_catalogue.deprecateVersion(std::move(request), std::move(reply));
    });
}

void LocalModelService::deleteVersion(v1::DeleteVersionRequest request, Reply<v1::DeleteVersionResponse> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)]() mutable {
        const std::string key = registry::versionedId(request.model_id(), request.version());
        if (auto free = refuseInUse({key}); !free.ok())
            return reply(std::move(free).error());
        m_catalogue.deleteVersion(std::move(request), [this, key, reply = std::move(reply)](auto removed) {
            if (!removed.ok())
                return reply(std::move(removed));
            m_lifecycle.forget(key, [reply, removed = std::move(removed)] { reply(removed); });
        });
    });
}

void LocalModelService::loadModel(v1::LoadModelRequest request, ProgressHandler progress,
                                  Reply<v1::ModelStatus> reply) {
    m_engine.post([this, request = std::move(request), progress = std::move(progress), reply = std::move(reply)] {
        if (const auto few = checkInstances(request.instances()); !few.ok())
            return reply(few.error());
        const auto key = keyOf(request.model_id());
        if (!key.ok())
            return reply(key.error());
        m_lifecycle.load(*key, toOrder(request), progress, reply);
    });
}

void LocalModelService::planLoad(v1::PlanLoadRequest request, Reply<v1::LoadPlan> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)] {
        if (const auto few = checkInstances(request.instances()); !few.ok())
            return reply(few.error());
        const auto key = keyOf(request.model_id());
        if (!key.ok())
            return reply(key.error());
        reply(m_lifecycle.plan(*key, request.instances()));
    });
}

void LocalModelService::setPinned(v1::SetPinnedRequest request, Reply<v1::ModelStatus> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)] {
        const auto key = keyOf(request.model_id());
        if (!key.ok())
            return reply(key.error());
        reply(m_lifecycle.setPinned(*key, request.pinned()));
    });
}

void LocalModelService::unloadModel(v1::UnloadModelRequest request, Reply<v1::UnloadModelResponse> reply) {
    m_engine.post([this, who = CallerScope::current(), request = std::move(request), reply = std::move(reply)] {
        const auto key = keyOf(request.model_id());
        if (!key.ok())
            return reply(key.error());
        if (request.now())
            return kill(*key, who, reply);
        m_lifecycle.unload(*key, reply);
    });
}

// What waits goes first: nothing is left then that would have the model loaded again.
void LocalModelService::kill(const std::string& key, const std::string& who, Reply<v1::UnloadModelResponse> reply) {
    const int ended = m_endWork(key, ipc::modelKilled(key));
    const std::string reason = "killed by " + (who.empty() ? std::string("an operator") : who);
    m_lifecycle.kill(key, reason, [key, ended, reply = std::move(reply)](Result<v1::UnloadModelResponse> unloaded) {
        if (!unloaded.ok() && unloaded.error().code == ErrorCode::ModelNotLoaded && ended > 0)
            unloaded = notLoaded(key); // requests that were held, say: that they ended is what there is to tell
        if (unloaded.ok())
            unloaded->set_ended_requests(ended);
        reply(std::move(unloaded));
    });
}

void LocalModelService::modelStatus(v1::GetModelStatusRequest request, Reply<v1::ModelStatus> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)] {
        const auto key = keyOf(request.model_id());
        if (!key.ok())
            return reply(key.error());
        reply(m_lifecycle.status(*key));
    });
}

Result<std::string> LocalModelService::keyOf(const std::string& modelId) const {
    MM_TRY(const auto entry, m_catalogue.resolve(modelId));
    return registry::versionedId(entry->modelId, entry->version);
}

Result<std::vector<std::string>> LocalModelService::keysOf(const std::string& modelId) const {
    MM_TRY(const auto asked, registry::VersionedId::parse(modelId));
    if (asked.version) {
        MM_TRY(std::string key, keyOf(modelId));
        return std::vector{std::move(key)};
    }
    v1::ListVersionsRequest request;
    request.set_model_id(modelId);
    MM_TRY(const auto listed, m_catalogue.listVersions(request));
    std::vector<std::string> keys;
    for (const v1::Model& version : listed.versions())
        keys.push_back(registry::versionedId(version.model_id(), version.version()));
    return keys;
}

Result<void> LocalModelService::refuseInUse(const std::vector<std::string>& keys) const {
    for (const std::string& key : keys) {
        const auto status = m_lifecycle.status(key);
        if (!status.ok() || status->state() == v1::MODEL_STATE_UNLOADED || status->state() == v1::MODEL_STATE_UNHEALTHY)
            continue;
        return Error{ErrorCode::ModelInUse,
                     "'" + key + "' is " + std::string(stateName(status->state())) +
                         ". Unload it first, or delete the model with force=true.",
                     {{"model_id", key}, {"state", std::string(stateName(status->state()))}}};
    }
    return {};
}

void LocalModelService::forgetAll(std::vector<std::string> keys, std::function<void()> done) {
    auto left = std::make_shared<std::size_t>(keys.size());
    for (const std::string& key : keys)
        m_lifecycle.forget(key, [left, done] {
            if (--*left == 0)
                done();
        });
}

// The catalogue goes first: from then on nothing new can ask for the model, so that its worker can end for good.
void LocalModelService::removeModel(const v1::DeleteModelRequest& request, Reply<v1::DeleteModelResponse> reply) {
    auto keys = keysOf(request.model_id());
    if (!keys.ok())
        return reply(std::move(keys).error());
    if (!request.force())
        if (auto free = refuseInUse(*keys); !free.ok())
            return reply(std::move(free).error());
    m_catalogue.remove(request, [this, keys = std::move(keys).value(), reply = std::move(reply)](auto removed) {
        if (!removed.ok())
            return reply(std::move(removed));
        forgetAll(keys, [reply, removed = std::move(removed)] { reply(removed); });
    });
}

} // namespace mm::service
