// ModelSlot: one model's place in the engine. The only class that changes its state; owns its worker, the wishes that
// wait for it (requests and loads, served in the order they came), and what is remembered about its failures. Owned by
// the LifecycleManager. Engine thread only; replies may come before a call returns.
#pragma once

#include "engine/base/reply.h"
#include "engine/lifecycle/lifecycle_options.h"
#include "engine/lifecycle/loaded_model.h"
#include "engine/lifecycle/ports.h"
#include "engine/lifecycle/worker/worker.h"

#include <QTimer>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mm::lifecycle {

class ModelSlot final : private Worker::Listener, private LeaseOwner {
public:
    using ProgressHandler = std::function<void(const v1::LoadStage&)>;

    // `settled` is called whenever no worker is left.
    ModelSlot(std::string key, const LifecycleOptions& options, LifecyclePorts ports, std::function<void()> settled);
    ~ModelSlot() override;
    ModelSlot(const ModelSlot&) = delete;
    ModelSlot& operator=(const ModelSlot&) = delete;

    std::optional<ModelLease> tryLease();
    void acquire(Reply<ModelLease> reply);
    void load(ProgressHandler progress, Reply<v1::ModelStatus> reply);
    void unload(Reply<v1::UnloadModelResponse> reply);
    // Refuses every wish, waiting or new, with `why`, and ends the worker; then `done`.
    void retire(const Error& why, std::function<void()> done);

    [[nodiscard]] v1::ModelStatus status() const;
    [[nodiscard]] bool hasWorker() const { return m_worker != nullptr; }

private:
    // Someone who waits for the model to be loaded: a request that wants a lease, or a load that wants the status.
    struct Wish {
        Reply<ModelLease> lease;
        Reply<v1::ModelStatus> status;
        ProgressHandler progress;

        void refuse(const Error& error) const;
    };
    struct DeleteLater {
        void operator()(Worker* worker) const { worker->deleteLater(); }
    };

    void onWorkerProgress(const wv1::LoadProgress& progress) override;
    void onWorkerLoaded(const wv1::Loaded& loaded) override;
    void onWorkerMemory(const wv1::Memory& memory) override;
    void onWorkerFailed(const Error& error, bool crashed) override;
    void onWorkerGone() override;
    void onRun() override;
    void onLeaseReleased() override;

    bool moveTo(v1::ModelState state, const std::string& reason);
    void want(Wish wish);
    void beginLoad();
    void announce(const std::string& stage, std::int64_t done, std::int64_t total, const std::string& detail);
    void serveWishes();
    void refuseWishes(const Error& error);
    void cancelLoad();
    void drain();
    void endWorker(const Error& why);
    void detachLeases();
    void answerUnloads();
    [[nodiscard]] Error unhealthyError(Instant blockedUntil) const;
    void describeLoaded(v1::ModelStatus& status) const;

    const std::string m_key;
    const LifecycleOptions& m_options;
    LifecyclePorts m_ports;
    std::function<void()> m_settled;

    v1::ModelState m_state = v1::MODEL_STATE_UNLOADED;
    std::unique_ptr<Worker, DeleteLater> m_worker;
    std::shared_ptr<LoadedModel> m_loaded;
    std::vector<Wish> m_wishes;
    std::vector<Reply<v1::UnloadModelResponse>> m_unloads;
    std::vector<std::function<void()>> m_retirements;
    std::optional<Error> m_retired;
    QTimer m_drainTimer;

    LoadSpec m_spec;
    v1::LoadStage m_progress;
    int m_announcements = 0;
    wv1::Loaded m_facts;
    std::int64_t m_residentBytes = 0;
    std::int64_t m_freedBytes = 0;
    Instant m_loadStarted;
    double m_loadTimeMs = 0;
    WallTime m_loadedAt;
    WallTime m_lastUsedAt;
    WallTime m_lastCheckAt;
    std::int64_t m_requests = 0;
    int m_crashes = 0;
    std::optional<Error> m_lastFailure;
    FailureHistory m_history;
};

} // namespace mm::lifecycle
