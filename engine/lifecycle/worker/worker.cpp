#include "engine/lifecycle/worker/worker.h"

#include "engine/base/log.h"
#include "engine/ipc/loss_cause.h"
#include "engine/lifecycle/worker/exit_report.h"
#include "engine/lifecycle/worker/oom_kills.h"
#include "engine/lifecycle/worker/process_table.h"

#include <QString>

#include <csignal>

namespace mm::lifecycle {
namespace {

constexpr std::chrono::milliseconds kGoneCheckInterval{5};
// Between the end of the stream and the news of the exit.
constexpr std::chrono::milliseconds kExitNewsGrace{2'000};

// A cancel whose time is over gets this much longer: where the engine itself was held up, the answer lies unread.
constexpr std::chrono::milliseconds kCancelLastCall{50};

constexpr int kStageLength = 64;
constexpr int kDetailLength = 500;

std::string inSeconds(std::chrono::milliseconds time) {
    const auto ms = time.count();
    return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

// What a worker says goes into events and statuses; it shall not fill them.
std::string clipped(const std::string& text, int length) {
    return QString::fromStdString(text).left(length).toStdString();
}

wv1::Load toLoad(const LoadSpec& spec) {
    wv1::Load load;
    load.set_model_id(spec.modelId);
    load.set_version(spec.version);
    load.set_path(spec.path);
    load.set_task_type(spec.task);
    *load.mutable_config() = spec.config;
    load.set_threads(spec.threads);
    load.set_memory_limit_bytes(spec.memoryLimitBytes);
    return load;
}

} // namespace

Worker::Worker(Setup setup, const Clock& clock, Listener& listener)
    : m_setup(std::move(setup)), m_clock(clock), m_listener(listener), m_process(m_setup.key, *this) {
    m_timeout.setSingleShot(true);
    m_goneCheck.setInterval(kGoneCheckInterval);
    m_heartbeat.setInterval(m_setup.options.pingInterval);
    connect(&m_timeout, &QTimer::timeout, this, [this] { onTimeout(); });
    connect(&m_heartbeat, &QTimer::timeout, this, [this] { onHeartbeat(); });
    m_cancelDue.setSingleShot(true);
    m_cancelDue.setTimerType(Qt::PreciseTimer);
    connect(&m_cancelDue, &QTimer::timeout, this, [this] { onCancelDue(); });
    connect(&m_goneCheck, &QTimer::timeout, this, [this] { awaitGone(); });
}

Worker::~Worker() = default;

void Worker::start() {
    WorkerProcess::Start how{m_setup.options.program, m_setup.options.arguments, {}};
    if (const auto& turns = m_setup.options.turns) {
        how.arguments.insert(how.arguments.end(), {"--turns", std::to_string(turns->fd())});
        how.inherited.push_back(turns->fd());
    }
    Result<int> socket = m_process.start(how);
    if (!socket) {
        QMetaObject::invokeMethod(
            this, [this, error = socket.error()] { onSpawnFailed(error); }, Qt::QueuedConnection);
        return;
    }
    WorkerClient::Listener& listener = *this;
    m_oomKills = oomKills();
    m_client = std::make_unique<WorkerClient>(*socket, m_setup.options.maxUnsentBytes, listener);
    m_timeout.start(m_setup.options.helloTimeout);
}

void Worker::setOptions(const WorkerOptions& options) {
    m_setup.options = options;
    m_cancelOverdue = false;
    if (m_cancelDue.isActive())
        awaitCancel(std::chrono::milliseconds(0)); // it looks how long there is now
}

Result<std::uint64_t> Worker::run(const v1::InferenceRequest& request, OutputHandler handler) {
    if (m_stage != Stage::Ready || m_failed)
        return Error{ErrorCode::ModelNotLoaded,
                     "the worker of " + m_setup.key + " is ending; send the request again to load the model anew"};
    return m_client->run(request, std::move(handler));
}

void Worker::cancel(std::uint64_t id) {
    if (!m_client)
        return;
    m_client->cancel(id, m_clock.now());
    if (!m_cancelDue.isActive() && !m_failed && m_stage == Stage::Ready)
        awaitCancel(m_setup.options.cancelGrace);
}

void Worker::awaitCancel(std::chrono::milliseconds time) {
    m_cancelDue.start(time);
}

void Worker::onCancelDue() {
    const std::optional<Instant> oldest = m_client->oldestCancel();
    if (!oldest) {
        m_cancelOverdue = false;
        return;
    }
    const auto left = m_setup.options.cancelGrace - (m_clock.now() - *oldest);
    if (left > Instant::duration::zero()) {
        m_cancelOverdue = false;
        return awaitCancel(std::chrono::ceil<std::chrono::milliseconds>(left));
    }
    if (!std::exchange(m_cancelOverdue, true))
        return awaitCancel(kCancelLastCall);
    Error error = describe(ErrorCode::WorkerCrashed, "did not stop a cancelled request within " +
                                                         inSeconds(m_setup.options.cancelGrace) + " and was killed");
    ipc::setLossCause(error, ipc::kCancelNotObeyed);
    failAndKill(std::move(error));
}

void Worker::onHello(const wv1::Hello& hello) {
    log::debug("worker says hello", {{"model", m_setup.key}, {"pid", pid()}, {"version", hello.version()}});
    m_stage = Stage::Loading;
    m_timeout.start(m_setup.options.loadTimeout);
    if (Result<void> sent = m_client->load(toLoad(m_setup.spec)); !sent)
        failAndKill(describe(sent.error().code, "cannot be told to load: " + sent.error().message));
}

void Worker::onLoadProgress(const wv1::LoadProgress& progress) {
    wv1::LoadProgress bounded = progress;
    bounded.set_stage(clipped(progress.stage(), kStageLength));
    bounded.set_detail(clipped(progress.detail(), kDetailLength));
    m_loadStage = bounded.stage();
    m_listener.onWorkerProgress(bounded);
}

void Worker::onLoaded(const wv1::Loaded& loaded) {
    m_timeout.stop();
    m_stage = Stage::Ready;
    m_heartbeat.start();
    m_listener.onWorkerLoaded(loaded);
}

void Worker::onLoadRefused(const Error& error) {
    Error exact = error;
    exact.facts.try_emplace("stage", m_loadStage);
    fail(std::move(exact), false);
    endProcess();
}

void Worker::onPong(const wv1::Pong& pong) {
    m_missedPings = 0;
    const std::chrono::microseconds step(pong.step_us());
    if (step > m_setup.options.stepTimeout)
        return failAndKill(stuck(step, pong.running()));
    m_listener.onWorkerMemory(pong.memory());
}

Error Worker::stuck(std::chrono::microseconds step, int running) const {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(step);
    Error error = describe(ErrorCode::WorkerCrashed,
                           "was stuck and was killed: one step over " + std::to_string(running) +
                               " requests had taken " + inSeconds(ms) + ", and no step may take longer than " +
                               inSeconds(m_setup.options.stepTimeout) + " (setting step-timeout)");
    error.facts["step_ms"] = static_cast<std::int64_t>(ms.count());
    error.facts["running"] = static_cast<std::int64_t>(running);
    ipc::setLossCause(error, ipc::kStepTimeout);
    return error;
}

void Worker::onMisbehaved(const Error& error) {
    Error full = describe(error.code, "was cut off: " + error.message);
    full.facts.insert(error.facts.begin(), error.facts.end());
    failAndKill(std::move(full));
}

void Worker::onDisconnected() {
    m_disconnected = true;
    // The exit report says more than an end of stream; it is due now.
    if (m_stage != Stage::Ending)
        m_timeout.start(kExitNewsGrace);
}

void Worker::onSpawnFailed(const Error& error) {
    fail(error, true);
    m_listener.onWorkerGone();
}

void Worker::onExited(bool bySignal, int code) {
    m_timeout.stop();
    if (m_setup.options.turns)
        m_setup.options.turns->forget(pid());
    const bool running = m_stage == Stage::Ready;
    ExitReport report{m_setup.key, running ? "running" : m_loadStage, bySignal, code, m_process.lastLines(), {}};
    // What the engine killed itself has failed before: this SIGKILL came from elsewhere.
    if (const auto kills = oomKills(); bySignal && code == SIGKILL && kills && m_oomKills)
        report.outOfMemory = *kills > *m_oomKills;
    fail(toError(report), true);
    m_stage = Stage::Ending;
    m_exitedAt = m_clock.now();
    awaitGone();
}

void Worker::onTimeout() {
    if (m_disconnected)
        return failAndKill(describe(ErrorCode::WorkerMisbehaved, "closed its socket without exiting"));
    if (m_stage == Stage::Spawning)
        return failAndKill(
            describe(ErrorCode::ModelLoadFailed,
                     "did not say Hello within " + inSeconds(m_setup.options.helloTimeout) + " and was killed"));
    failAndKill(describe(ErrorCode::ModelLoadFailed, "did not finish loading within " +
                                                         inSeconds(m_setup.options.loadTimeout) +
                                                         " and was killed; it was in stage \"" + m_loadStage + "\""));
}

void Worker::onHeartbeat() {
    if (!m_client->isPongDue())
        return m_client->ping();
    // Counted in beats, not by the clock: a stall of the engine itself must not look like one of the worker.
    if (++m_missedPings < m_setup.options.missedPings)
        return;
    Error error =
        describe(ErrorCode::WorkerCrashed, "hung: it did not answer for " +
                                               inSeconds(m_setup.options.pingInterval * m_setup.options.missedPings) +
                                               " and was killed");
    ipc::setLossCause(error, ipc::kNoHeartbeat);
    failAndKill(std::move(error));
}

Error Worker::describe(ErrorCode code, const std::string& what) const {
    Error error{code, "the worker of " + m_setup.key + " " + what};
    error.facts["model"] = m_setup.key;
    error.facts["stage"] = m_stage == Stage::Ready ? std::string("running") : m_loadStage;
    if (const auto lines = m_process.lastLines(); !lines.empty())
        error.facts["last_lines"] = lines;
    return error;
}

void Worker::fail(Error error, bool crashed) {
    if (m_failed || m_stage == Stage::Ending)
        return;
    m_failed = true;
    m_timeout.stop();
    m_heartbeat.stop();
    m_cancelDue.stop();
    m_listener.onWorkerFailed(error, crashed);
    if (m_client)
        m_client->rejectAll(error);
}

void Worker::failAndKill(Error error) {
    fail(std::move(error), true);
    m_stage = Stage::Ending;
    m_process.kill();
}

void Worker::endProcess() {
    m_stage = Stage::Ending;
    m_timeout.stop();
    m_heartbeat.stop();
    m_cancelDue.stop();
    if (m_client)
        m_client->shutDown();
    m_process.end(m_setup.options.shutdownGrace, m_setup.options.terminateGrace);
}

void Worker::shutDown(const Error& why) {
    if (m_stage == Stage::Ending)
        return;
    endProcess();
    if (m_client)
        m_client->rejectAll(why);
}

void Worker::kill(const Error& why) {
    m_stage = Stage::Ending;
    m_timeout.stop();
    m_heartbeat.stop();
    m_cancelDue.stop();
    m_process.kill();
    if (m_client)
        m_client->rejectAll(why);
}

void Worker::awaitGone() {
    const bool gone = isProcessGone(pid());
    if (!gone && m_clock.now() - m_exitedAt < m_setup.options.goneTimeout) {
        m_goneCheck.start();
        return;
    }
    m_goneCheck.stop();
    if (!gone)
        log::warning("worker has exited, but the system still shows its process",
                     {{"model", m_setup.key}, {"pid", pid()}});
    m_listener.onWorkerGone();
}

} // namespace mm::lifecycle
