// ModelSlot: the place of one instance of a model. The only class that changes its state; owns its worker and what is
// known of it. Its ModelDeployment owns it, says when it begins and ends, and hears what happens through Owner. Engine
// thread only; the owner may be called before a call returns, and must not destroy the slot from there.
#pragma once

#include "engine/lifecycle/lifecycle_options.h"
#include "engine/lifecycle/loaded_model.h"
#include "engine/lifecycle/memory/memory_ledger.h"
#include "engine/lifecycle/ports.h"
#include "engine/lifecycle/worker/worker.h"

#include <QTimer>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace mm::lifecycle {

class ModelSlot final : private Worker::Listener, private LeaseOwner {
public:
    class Owner {
    public:
        virtual ~Owner() = default;
        // After the change.
        virtual void onSlotChanged(const StateChange& change) = 0;
        virtual void onSlotProgress(const ModelSlot& slot, const v1::LoadStage& stage) = 0;
        // The worker has loaded; an error refuses it: it is ended and the load has failed with that error.
        virtual Result<void> onSlotReady(ModelSlot& slot) = 0;
        virtual void onSlotLoaded(ModelSlot& slot) = 0;
        virtual void onSlotFailed(ModelSlot& slot, const Error& error) = 0;
        // Its worker has been told to end.
        virtual void onSlotEnding(ModelSlot& slot) = 0;
        // No worker is left, and the system no longer shows the process; or it was unhealthy and is unloaded now.
        virtual void onSlotGone(ModelSlot& slot) = 0;
        virtual void onSlotUsed(ModelSlot& slot) = 0;
        // A lease ended whose request wanted the model kept for that long, if it said so.
        virtual void onSlotReleased(ModelSlot& slot, std::optional<std::chrono::seconds> keepAlive) = 0;
    };

    // How long requests that run may keep an instance that is to go; without a drain its worker is killed.
    enum class Drain { None, Bounded, UntilDone };

    ModelSlot(InstanceKey key, const LifecycleOptions& options, LifecyclePorts ports, Owner& owner);
    ~ModelSlot() override;
    ModelSlot(const ModelSlot&) = delete;
    ModelSlot& operator=(const ModelSlot&) = delete;

    // Starts a worker; only where canBegin().
    void begin(LoadSpec spec);
    [[nodiscard]] bool canBegin() const;
    std::optional<ModelLease> tryLease();
    // Loading: the load ends unfinished. Loaded: no new leases, and the worker ends after the last one. Unhealthy: it
    // counts as unloaded. Otherwise nothing, except that a bounded drain bounds one that was not, and that Drain::None
    // ends what is left of the worker in any state.
    void end(EndCause cause, const std::string& reason, Drain drain);
    // The options that it was made with hold other values now.
    void optionsChanged();

    [[nodiscard]] const InstanceKey& key() const { return m_key; }
    [[nodiscard]] v1::ModelState state() const { return m_state; }
    [[nodiscard]] bool live() const;
    [[nodiscard]] bool loaded() const { return m_loaded != nullptr; }
    [[nodiscard]] bool hasWorker() const { return m_worker != nullptr; }
    [[nodiscard]] std::int64_t pid() const { return m_worker ? m_worker->pid() : 0; }
    [[nodiscard]] int leases() const { return m_loaded ? m_loaded->leases() : 0; }
    // The highest priority among what ran since it was idle.
    [[nodiscard]] v1::Priority busyWith() const { return m_busyWith; }
    [[nodiscard]] const LoadSpec& spec() const { return m_spec; }
    [[nodiscard]] const wv1::Loaded& facts() const { return m_facts; }
    [[nodiscard]] const v1::LoadStage& progress() const { return m_progress; }
    [[nodiscard]] Instant loadedAt() const { return m_loadedAt; }
    [[nodiscard]] Instant lastUsedAt() const { return m_lastUsedAt; }
    [[nodiscard]] double loadTimeMs() const { return m_loadTimeMs; }
    // What its worker held when it ended; told once.
    std::int64_t takeFreedBytes() { return std::exchange(m_freedBytes, 0); }
    [[nodiscard]] int crashes() const { return m_crashes; }
    [[nodiscard]] WallTime loadedAtWall() const { return m_loadedAtWall; }
    [[nodiscard]] WallTime lastCheckAt() const { return m_lastCheckAt; }
    [[nodiscard]] std::int64_t residentBytes() const { return m_residentBytes; }

private:
    struct DeleteLater {
        void operator()(Worker* worker) const { worker->deleteLater(); }
    };

    void onWorkerProgress(const wv1::LoadProgress& progress) override;
    void onWorkerLoaded(const wv1::Loaded& loaded) override;
    void onWorkerMemory(const wv1::Memory& memory) override;
    void onWorkerFailed(const Error& error, bool crashed) override;
    void onWorkerGone() override;
    void onRun(v1::Priority priority) override;
    void onLeaseReleased(std::optional<std::chrono::seconds> keepAlive) override;

    bool moveTo(v1::ModelState state, const std::string& reason, Facts facts = {},
                std::optional<Error> error = std::nullopt);
    void announce(const std::string& stage, std::int64_t done, std::int64_t total, const std::string& detail);
    void cancelLoad(const std::string& reason, Drain drain);
    void refuseLoaded(const Error& error);
    void drain(const std::string& reason, Drain drain);
    void becomeUnloaded();
    void endWorker(const Error& why);
    void killWorker();
    void detachLeases();

    const InstanceKey m_key;
    const LifecycleOptions& m_options;
    LifecyclePorts m_ports;
    Owner& m_owner;

    v1::ModelState m_state = v1::MODEL_STATE_UNLOADED;
    std::unique_ptr<Worker, DeleteLater> m_worker;
    std::shared_ptr<LoadedModel> m_loaded;
    QTimer m_drainTimer;
    bool m_ending = false;        // the worker has been told to end
    bool m_unloadedAfter = false; // unhealthy only until the worker is gone

    LoadSpec m_spec;
    v1::LoadStage m_progress;
    int m_announcements = 0;
    wv1::Loaded m_facts;
    std::int64_t m_residentBytes = 0;
    std::int64_t m_freedBytes = 0;
    EndCause m_endCause = EndCause::None;
    std::string m_endReason;
    Instant m_loadStarted;
    double m_loadTimeMs = 0;
    Instant m_loadedAt;
    Instant m_lastUsedAt;
    v1::Priority m_busyWith = v1::PRIORITY_LOW;
    WallTime m_loadedAtWall;
    WallTime m_lastCheckAt;
    int m_crashes = 0;
};

} // namespace mm::lifecycle
