// ModelDeployment: one model in the engine: its instances (a ModelSlot each), who waits for it, and what is remembered
// of it: failures, use, pin, keep-alive. It knows what it needs (need()) and serves whoever waits; when and whether an
// instance begins is its owner's decision, because memory is shared by all models. Owned by the LifecycleManager.
// Engine thread only; replies may come before a call returns.
#pragma once

#include "engine/lifecycle/model_slot.h"
#include "engine/lifecycle/policy/idle_policy.h"
#include "engine/lifecycle/policy/retry_policy.h"
#include "engine/lifecycle/policy/use_frequency.h"
#include "engine/lifecycle/wish_list.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mm::lifecycle {

// What an operator orders with a load.
struct LoadOrder {
    bool force = false;
    std::optional<bool> pin = std::nullopt;
    int instances = 0; // 0: as configured
    v1::Priority priority = v1::PRIORITY_HIGH;
};

// How far a model that requests wait for is: "loading org/repo@1, 43 %, weights", or what it waits for itself.
struct LoadState {
    std::string reason;
    std::optional<std::chrono::milliseconds> left; // until it serves, where that is known
};

class ModelDeployment final : private ModelSlot::Owner {
public:
    using ProgressHandler = WishList::ProgressHandler;

    class Owner {
    public:
        virtual ~Owner() = default;
        // Somebody wants it now.
        virtual void onWanted() = 0;
        // What it needs may have changed, or what others can get from it.
        virtual void onChanged() = 0;
        // As ModelSlot::Owner: an error refuses what was loaded.
        virtual Result<void> onReady(const ModelSlot& slot) = 0;
        virtual void onEnding(const ModelSlot& slot) = 0;
        // `uses` since the last such call.
        virtual void onGone(const ModelSlot& slot, std::int64_t uses, WallTime lastUsedAt) = 0;
        // Nothing runs on one of its instances any more, for now.
        virtual void onReleased() = 0;
        // It may go when it is unused for a while; `soon`: sooner than was known so far.
        virtual void onIdle(bool soon) = 0;
    };

    // What it wants of the machine's memory.
    struct Need {
        LoadSpec spec;
        int instances = 1; // in all
        Cause cause = Cause::Request;
        Urgency urgency;
        bool spare = false; // beyond the first, nobody waits for it: loaded where there is room
    };

    ModelDeployment(std::string key, const LifecycleOptions& options, LifecyclePorts ports, Owner& owner);
    ~ModelDeployment() override;
    ModelDeployment(const ModelDeployment&) = delete;
    ModelDeployment& operator=(const ModelDeployment&) = delete;

    std::optional<ModelLease> tryLease();
    void acquire(Urgency urgency, Reply<ModelLease> reply);
    void load(const LoadOrder& order, ProgressHandler progress, Reply<v1::ModelStatus> reply);
    void unload(Reply<v1::UnloadModelResponse> reply);
    // The same without waiting for what runs, or for a drain that has begun.
    void kill(const std::string& reason, Reply<v1::UnloadModelResponse> reply);
    void setPinned(bool pinned);
    // Refuses every wish, waiting or new, with `why`, and ends the workers; then `done`.
    void retire(const Error& why, std::function<void()> done);

    // For the owner. Nothing where it has what it wants, or cannot begin yet.
    [[nodiscard]] std::optional<Need> need();
    // Begins one more instance. Only after need(), and with room reserved for beginsNext().
    [[nodiscard]] InstanceKey beginsNext() const;
    void begin(LoadSpec spec);
    // Why what it needs is not there yet; told by status() until something begins.
    void keepWaiting(const std::string& reason);
    void refuse(const Error& error);
    // Ends one instance as soon as nothing runs on it; for good, unless it is wanted again.
    void end(int instance, EndCause cause, const std::string& reason);
    // The options that it was made with hold other values now.
    void optionsChanged();

    [[nodiscard]] const std::string& key() const { return m_key; }
    [[nodiscard]] v1::ModelStatus status() const;
    [[nodiscard]] LoadState loadState() const;
    // Instances that take requests now.
    [[nodiscard]] int serving() const { return m_retired ? 0 : count(v1::MODEL_STATE_LOADED); }
    [[nodiscard]] v1::ModelState state() const;
    [[nodiscard]] bool hasWorker() const;
    // Each instance that holds memory or is being loaded, for planner and policies.
    [[nodiscard]] std::vector<IdleView> views(Instant now) const;

private:
    void onSlotChanged(const StateChange& change) override;
    void onSlotProgress(const ModelSlot& slot, const v1::LoadStage& stage) override;
    Result<void> onSlotReady(ModelSlot& slot) override { return m_owner.onReady(slot); }
    void onSlotLoaded(ModelSlot& slot) override;
    void onSlotFailed(ModelSlot& slot, const Error& error) override;
    void onSlotEnding(ModelSlot& slot) override { m_owner.onEnding(slot); }
    void onSlotGone(ModelSlot& slot) override;
    void onSlotUsed(ModelSlot& slot) override;
    void onSlotReleased(ModelSlot& slot, std::optional<std::chrono::seconds> keepAlive) override;

    [[nodiscard]] int count(v1::ModelState state) const;
    [[nodiscard]] int live() const;
    [[nodiscard]] int target() const;
    [[nodiscard]] bool pinned() const;
    // The most urgent request that waits for it.
    [[nodiscard]] std::optional<Urgency> demand() const;
    [[nodiscard]] std::optional<KeepAlive> keepAlive() const;
    void wanted();
    void pin(bool pinned);
    void endSurplus();
    void tellIdle(bool soon);
    [[nodiscard]] bool isAtRest() const { return state() == v1::MODEL_STATE_UNLOADED && m_wishes.empty(); }
    void unloadIfAllGone();
    void answerUnloads();
    // What a request is told while it is not worth trying to load; nothing where it is.
    [[nodiscard]] std::optional<Error> refusedStill();
    [[nodiscard]] InstanceView view(const ModelSlot& slot, Instant now) const;
    void describeInstances(v1::ModelStatus& status) const;
    void describeIdle(v1::ModelStatus& status) const;

    const std::string m_key;
    const LifecycleOptions& m_options;
    LifecyclePorts m_ports;
    Owner& m_owner;

    std::vector<std::unique_ptr<ModelSlot>> m_slots; // by instance
    WishList m_wishes;
    std::vector<Reply<v1::UnloadModelResponse>> m_unloads;
    std::vector<std::function<void()>> m_retirements;
    std::optional<Error> m_retired;
    std::string m_waiting;

    LoadSpec m_spec; // as last asked for
    int m_orderedInstances = 0;
    std::optional<bool> m_pinned;
    std::optional<KeepAlive> m_keepAlive;
    UseFrequency m_frequency;
    WallTime m_lastUsedAt;
    std::int64_t m_requests = 0;
    std::int64_t m_requestsTold = 0; // to the owner, by onGone()
    std::string m_lastEnd;           // why it is not loaded any more
    std::optional<Error> m_lastFailure;
    FailureHistory m_history;
    std::string m_stamp; // of what was loaded last
    Instant m_stampedAt;
};

} // namespace mm::lifecycle
