// LifecycleManager: loads, lends, unloads and reports models, each in worker processes of its own. Owns a
// ModelDeployment per model. Models are named by key, "org/repo@version". Engine thread only; every reply comes once,
// on it, and may come before the call returns. Destroying it kills what still runs: call shutdown() first and wait for
// it.
#pragma once

#include "engine/base/reply.h"
#include "engine/lifecycle/housekeeping.h"
#include "engine/lifecycle/lifecycle_options.h"
#include "engine/lifecycle/model_deployment.h"
#include "engine/lifecycle/model_lease.h"
#include "engine/lifecycle/placement.h"
#include "engine/lifecycle/ports.h"

#include <functional>
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

    // Workers that run already are watched by them too; what drains has the time that it was given.
    void setOptions(LifecycleOptions options);

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
    // Kills its workers whatever they do; who runs in them or waits for them hears ipc::modelKilled(). What inference
    // keeps waiting it must have ended before, or the model is loaded again.
    void kill(const std::string& key, const std::string& reason, Reply<v1::UnloadModelResponse> reply);
    // Unloads where needed and drops everything remembered about the model: it is being deleted.
    void forget(const std::string& key, std::function<void()> done);

    // What loading so many instances (0: as configured) would do, with force; nothing is done.
    Result<v1::LoadPlan> plan(const std::string& key, int instances);
    // A pinned model is not evicted and never idle. Forgotten at the engine's end; the configuration's "pinned" is not.
    Result<v1::ModelStatus> setPinned(const std::string& key, bool pinned);
    // Looked at anew.
    [[nodiscard]] v1::MemoryLedger memory();
    [[nodiscard]] v1::EvictionOrder evictionOrder();
    [[nodiscard]] const MemoryLedger& ledger() const { return m_placement.ledger(); }
    // What the timers do now and then: look at the memory, unload what is idle.
    void tick();

    // "unloaded" for a model that was never touched; fails where the directory does not know it.
    [[nodiscard]] Result<v1::ModelStatus> status(const std::string& key) const;
    // Of every model that was touched since the start, by key.
    [[nodiscard]] std::vector<v1::ModelStatus> statuses() const;

    // Refuses new work with ServiceUnavailable and unloads everything; done is called when no worker is left.
    void shutdown(std::function<void()> done);

private:
    [[nodiscard]] Result<ModelDeployment*> deployment(const std::string& key);
    void onWanted() override;
    void onChanged() override;
    Result<void> onReady(const ModelSlot& slot) override;
    void onEnding(const ModelSlot& slot) override;
    void onGone(const ModelSlot& slot, std::int64_t uses, WallTime lastUsedAt) override;
    void onReleased() override;
    void onIdle(bool soon) override;
    void onSettled();

    LifecycleOptions m_options;
    Ports m_ports;
    Deployments m_models;
    Placement m_placement;
    Housekeeping m_housekeeping;
    bool m_stopping = false;
    std::vector<std::function<void()>> m_whenStopped;
};

} // namespace mm::lifecycle
