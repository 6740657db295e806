// Worker: the life of one worker process from spawn to exit: Hello, Load, runs, heartbeats, end. Joins WorkerProcess
// and WorkerClient, watches every step by a timer, and turns each way to fail into one Error. Owned by a ModelSlot;
// engine thread only. The order towards the listener: progress*, then loaded, memory*, at most one failed, and gone
// last.
#pragma once

#include "engine/base/clock.h"
#include "engine/lifecycle/lifecycle_options.h"
#include "engine/lifecycle/link/worker_client.h"
#include "engine/lifecycle/ports.h"
#include "engine/lifecycle/worker/worker_process.h"

#include <QObject>
#include <QTimer>

#include <memory>
#include <optional>
#include <string>

namespace mm::lifecycle {

class Worker final : public QObject, private WorkerClient::Listener, private WorkerProcess::Listener {
public:
    class Listener {
    public:
        virtual ~Listener() = default;
        virtual void onWorkerProgress(const wv1::LoadProgress& progress) = 0;
        virtual void onWorkerLoaded(const wv1::Loaded& loaded) = 0;
        virtual void onWorkerMemory(const wv1::Memory& memory) = 0;
        // It refused to load (`crashed` unset), or crashed, hung or lied. Pending runs hear the same right after.
        virtual void onWorkerFailed(const Error& error, bool crashed) = 0;
        // The process has exited and the system no longer shows it.
        virtual void onWorkerGone() = 0;
    };

    struct Setup {
        std::string key;
        LoadSpec spec;
        WorkerOptions options;
    };

    Worker(Setup setup, const Clock& clock, Listener& listener);
    ~Worker() override;

    // Failures come later, through the listener.
    void start();

    // How it is watched and ended from now on.
    void setOptions(const WorkerOptions& options);

    Result<std::uint64_t> run(const v1::InferenceRequest& request, OutputHandler handler);
    void cancel(std::uint64_t id);

    // Ends it in order; `why` answers runs that are still pending. The listener hears only onWorkerGone from here on.
    void shutDown(const Error& why);
    // The same at once, and also where it is ending already.
    void kill(const Error& why);

    [[nodiscard]] std::int64_t pid() const { return m_process.pid(); }

private:
    enum class Stage { Spawning, Loading, Ready, Ending };

    void onHello(const wv1::Hello& hello) override;
    void onLoadProgress(const wv1::LoadProgress& progress) override;
    void onLoaded(const wv1::Loaded& loaded) override;
    void onLoadRefused(const Error& error) override;
    void onPong(const wv1::Pong& pong) override;
    void onMisbehaved(const Error& error) override;
    void onDisconnected() override;
    void onSpawnFailed(const Error& error) override;
    void onExited(bool bySignal, int code) override;

    void onTimeout();
    void onHeartbeat();
    void awaitCancel(std::chrono::milliseconds time);
    void onCancelDue();
    void fail(Error error, bool crashed);
    void failAndKill(Error error);
    [[nodiscard]] Error stuck(std::chrono::microseconds step, int running) const;
    [[nodiscard]] Error describe(ErrorCode code, const std::string& what) const;
    void endProcess();
    void awaitGone();

    Setup m_setup;
    const Clock& m_clock;
    Listener& m_listener;
    Stage m_stage = Stage::Spawning;
    std::string m_loadStage = "spawn";
    bool m_failed = false;
    bool m_disconnected = false;
    int m_missedPings = 0;
    QTimer m_timeout; // of the present stage
    QTimer m_heartbeat;
    QTimer m_cancelDue; // while a cancelled run goes on
    bool m_cancelOverdue = false;
    QTimer m_goneCheck;
    Instant m_exitedAt;
    std::optional<std::int64_t> m_oomKills; // when it was started
    WorkerProcess m_process;
    std::unique_ptr<WorkerClient> m_client;
};

} // namespace mm::lifecycle
