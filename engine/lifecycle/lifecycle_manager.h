// LifecycleManager: loads, lends, unloads and reports models, each in worker processes of its own. Owns a
// ModelDeployment per model. Models are named by key, "org/repo@version". Engine thread only; every reply comes once,
// on it, and may come before the call returns. Destroying it kills what still runs: call shutdown() first and wait for
// it.
#pragma once

#include "engine/base/reply.h"
#include "engine/lifecycle/lifecycle_options.h"
#include "engine/lifecycle/model_deployment.h"
#include "engine/lifecycle/model_lease.h"
#include "engine/lifecycle/ports.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mm::lifecycle {

class LifecycleManager final : private ModelDeployment::Owner {
public:
    using Ports = LifecyclePorts;
    using ProgressHandler = std::function<void(const v1::LoadStage&)>;

    LifecycleManager(LifecycleOptions options, Ports ports);
    ~LifecycleManager() override;
    LifecycleManager(const LifecycleManager&) = delete;
    LifecycleManager& operator=(const LifecycleManager&) = delete;

    // A lease where the model is loaded, without waiting; otherwise nothing.
    std::optional<ModelLease> tryAcquire(const std::string& key);
    // A lease, loading the model first where needed; the most urgent model is loaded first. After repeated failures it
    // fails at once with UnhealthyModel until some time has passed or load() was called.
    void acquire(const std::string& key, Urgency urgency, Reply<ModelLease> reply);

    // More, or less, waits for it than when it was asked for.
    void demandChanged(const std::string& key);
    [[nodiscard]] LoadState loadState(const std::string& key) const;
    // Its instances that take requests now.
    [[nodiscard]] int serving(const std::string& key) const;

    // Replies when the model is loaded, or why it could not be. Progress is never called after the reply.
    void load(const std::string& key, const LoadOrder& order, ProgressHandler progress, Reply<v1::ModelStatus> reply);
    // Replies when the worker has exited and the system no longer shows its process. A load under way fails.
    // ModelNotLoaded where there is nothing to unload.
    void unload(const std::string& key, Reply<v1::UnloadModelResponse> reply);
    // Unloads where needed and drops everything remembered about the model: it is being deleted.
    void forget(const std::string& key, std::function<void()> done);

    // "unloaded" for a model that was never touched; fails where the directory does not know it.
    [[nodiscard]] Result<v1::ModelStatus> status(const std::string& key) const;
    // Of every model that was touched since the start, by key.
    [[nodiscard]] std::vector<v1::ModelStatus> statuses() const;

    // Refuses new work with ServiceUnavailable and unloads everything; done is called when no worker is left.
    void shutdown(std::function<void()> done);

private:
    [[nodiscard]] Result<ModelDeployment*> deployment(const std::string& key);
    void onNeed() override;
    Result<void> onReady(ModelDeployment& model, ModelSlot& slot) override;
    void onEnding(ModelSlot& slot) override;
    void onGone(ModelDeployment& model, ModelSlot& slot) override;
    void onIdle(ModelDeployment& model) override;
    void onSettled();

    LifecycleOptions m_options;
    Ports m_ports;
    std::map<std::string, std::unique_ptr<ModelDeployment>, std::less<>> m_models;
    bool m_stopping = false;
    std::vector<std::function<void()>> m_whenStopped;
};

} // namespace mm::lifecycle
