#include "engine/lifecycle/model_slot.h"

#include "engine/base/log.h"
#include "engine/ipc/names.h"
#include "engine/lifecycle/model_state.h"
#include "engine/lifecycle/policy/load_progress.h"
#include "engine/lifecycle/worker/process_table.h"

#include <algorithm>
#include <utility>

namespace mm::lifecycle {
namespace {

constexpr int kAnnouncementsPerLoad = 1'000;

Error unloadedMeanwhile(const std::string& key) {
    return {ErrorCode::ModelNotLoaded,
            "the model " + key + " was unloaded while it was being loaded; ask again to load it"};
}

Error unloadedUnderway(const std::string& key) {
    return {ErrorCode::ServiceUnavailable,
            "the model " + key + " was unloaded while this request ran; send it again to load the model anew"};
}

} // namespace

ModelSlot::ModelSlot(std::string key, const LifecycleOptions& options, LifecyclePorts ports,
                     std::function<void()> settled)
    : m_key(std::move(key))
    , m_options(options)
    , m_ports(ports)
    , m_settled(std::move(settled))
    , m_history(options.retry) {
    m_drainTimer.setSingleShot(true);
    QObject::connect(&m_drainTimer, &QTimer::timeout, &m_drainTimer, [this] {
        log::warning("requests still run at the end of the drain time, ending them",
                     {{"model", m_key}, {"requests", m_loaded ? m_loaded->leases() : 0}});
        endWorker(unloadedUnderway(m_key));
    });
}

ModelSlot::~ModelSlot() {
    detachLeases();
    delete m_worker.release();
}

void ModelSlot::Wish::refuse(const Error& error) const {
    if (lease)
        lease(error);
    else
        status(error);
}

std::optional<ModelLease> ModelSlot::tryLease() {
    if (m_state != v1::MODEL_STATE_LOADED || m_retired)
        return std::nullopt;
    return ModelLease(m_loaded);
}

void ModelSlot::acquire(Reply<ModelLease> reply) {
    if (auto lease = tryLease())
        return reply(std::move(*lease));
    if (m_state == v1::MODEL_STATE_UNHEALTHY)
        if (const auto until = m_history.blockedUntil(m_ports.clock.now()))
            return reply(unhealthyError(*until));
    want({std::move(reply), {}, {}});
}

void ModelSlot::load(ProgressHandler progress, Reply<v1::ModelStatus> reply) {
    if (m_state == v1::MODEL_STATE_LOADED)
        return reply(status());
    m_history.clear();
    want({{}, std::move(reply), std::move(progress)});
}

void ModelSlot::want(Wish wish) {
    if (m_retired)
        return wish.refuse(*m_retired);
    m_wishes.push_back(std::move(wish));
    if (m_state == v1::MODEL_STATE_UNLOADED || m_state == v1::MODEL_STATE_UNHEALTHY)
        beginLoad();
}

void ModelSlot::beginLoad() {
    if (m_worker)
        return; // the old process is still exiting; its end comes back here
    Result<LoadSpec> spec = m_ports.directory.find(m_key);
    if (!spec)
        return refuseWishes(spec.error());
    if (!moveTo(v1::MODEL_STATE_LOADING, "wanted"))
        return;
    m_spec = std::move(spec).value();
    m_loadStarted = m_ports.clock.now();
    m_progress.Clear();
    m_announcements = 0;
    m_facts.Clear();
    m_worker.reset(new Worker({m_key, m_spec, m_options.worker}, m_ports.clock, *this));
    m_worker->start();
    announce("spawn", 0, 0, {});
}

void ModelSlot::unload(Reply<v1::UnloadModelResponse> reply) {
    if (m_state == v1::MODEL_STATE_UNLOADED)
        return reply(Error{ErrorCode::ModelNotLoaded, "the model " + m_key + " is not loaded"});
    m_unloads.push_back(std::move(reply));
    switch (m_state) {
    case v1::MODEL_STATE_LOADING:
        return cancelLoad();
    case v1::MODEL_STATE_LOADED:
        return drain();
    case v1::MODEL_STATE_UNHEALTHY:
        m_freedBytes = 0;
        if (!m_worker)
            answerUnloads();
        return;
    default:
        return; // draining already
    }
}

void ModelSlot::retire(const Error& why, std::function<void()> done) {
    m_retired = why;
    refuseWishes(why);
    if (m_state == v1::MODEL_STATE_UNLOADED || (m_state == v1::MODEL_STATE_UNHEALTHY && !m_worker))
        return done();
    m_retirements.push_back(std::move(done));
    unload([](const Result<v1::UnloadModelResponse>&) {});
}

void ModelSlot::cancelLoad() {
    m_freedBytes = residentBytes(m_worker->pid()).value_or(0);
    if (!moveTo(v1::MODEL_STATE_UNHEALTHY, "unloaded while loading"))
        return;
    m_worker->shutDown(unloadedMeanwhile(m_key));
    refuseWishes(unloadedMeanwhile(m_key));
}

void ModelSlot::drain() {
    if (!moveTo(v1::MODEL_STATE_DRAINING, "unload"))
        return;
    m_freedBytes = m_residentBytes;
    if (m_loaded->leases() == 0)
        return endWorker(unloadedUnderway(m_key));
    m_drainTimer.start(m_options.drainTimeout);
}

void ModelSlot::endWorker(const Error& why) {
    m_drainTimer.stop();
    m_freedBytes = residentBytes(m_worker->pid()).value_or(m_residentBytes);
    m_worker->shutDown(why);
}

void ModelSlot::onLeaseReleased() {
    if (m_state == v1::MODEL_STATE_DRAINING && m_loaded->leases() == 0 && m_drainTimer.isActive())
        endWorker(unloadedUnderway(m_key));
}

void ModelSlot::onRun() {
    ++m_requests;
    m_lastUsedAt = m_ports.clock.wallNow();
}

void ModelSlot::onWorkerProgress(const wv1::LoadProgress& progress) {
    announce(progress.stage(), progress.done(), progress.total(), progress.detail());
}

void ModelSlot::announce(const std::string& stage, std::int64_t done, std::int64_t total, const std::string& detail) {
    const double percent = overallPercent(stage, done, total, m_progress.percent());
    // Small steps are not worth an event each, and a worker that invents stages shall not cause events without end.
    if (stage == m_progress.stage() && percent - m_progress.percent() < 0.5)
        return;
    if (++m_announcements > kAnnouncementsPerLoad)
        return;
    m_progress.set_stage(stage);
    m_progress.set_done(done);
    m_progress.set_total(total);
    m_progress.set_percent(percent);
    m_progress.set_detail(detail);
    m_ports.listener.onLoadProgress(m_key, m_progress);
    // By index: a handler may add a wish.
    for (std::size_t i = 0; i < m_wishes.size(); ++i)
        if (const ProgressHandler tell = m_wishes[i].progress)
            tell(m_progress);
}

void ModelSlot::onWorkerLoaded(const wv1::Loaded& loaded) {
    m_facts = loaded;
    m_residentBytes = loaded.memory().resident_bytes();
    m_loadTimeMs = toMilliseconds(m_ports.clock.now() - m_loadStarted);
    m_loadedAt = m_lastCheckAt = m_ports.clock.wallNow();
    LeaseOwner& owner = *this;
    m_loaded = std::make_shared<LoadedModel>(
        LoadedFacts{m_spec.modelId, m_spec.version, loaded.device(), loaded.dtype()}, *m_worker, owner);
    if (!moveTo(v1::MODEL_STATE_LOADED, "loaded"))
        return;
    log::info("model loaded", {{"model", m_key},
                               {"ms", m_loadTimeMs},
                               {"device", loaded.device()},
                               {"dtype", loaded.dtype()},
                               {"pid", m_worker->pid()}});
    serveWishes();
}

void ModelSlot::serveWishes() {
    const std::vector<Wish> wishes = std::exchange(m_wishes, {});
    // All leases first: none of them can be lost to an unload that an earlier one causes.
    std::vector<std::optional<ModelLease>> leases(wishes.size());
    for (std::size_t i = 0; i < wishes.size(); ++i)
        if (wishes[i].lease)
            leases[i] = ModelLease(m_loaded);
    for (std::size_t i = 0; i < wishes.size(); ++i) {
        if (wishes[i].lease)
            wishes[i].lease(std::move(*leases[i]));
        else
            wishes[i].status(status());
    }
}

void ModelSlot::refuseWishes(const Error& error) {
    for (const Wish& wish : std::exchange(m_wishes, {}))
        wish.refuse(error);
}

void ModelSlot::onWorkerMemory(const wv1::Memory& memory) {
    m_residentBytes = memory.resident_bytes();
    m_lastCheckAt = m_ports.clock.wallNow();
}

void ModelSlot::onWorkerFailed(const Error& error, bool crashed) {
    m_lastFailure = error;
    m_history.record(m_ports.clock.now());
    m_crashes += crashed ? 1 : 0;
    m_drainTimer.stop();
    detachLeases();
    log::write(log::Level::Error, crashed ? "worker lost" : "model not loaded", error, {{"model", m_key}});
    // While draining the state stays: the worker is on its way out, as was wanted.
    if (m_state == v1::MODEL_STATE_LOADING || m_state == v1::MODEL_STATE_LOADED)
        moveTo(v1::MODEL_STATE_UNHEALTHY, error.message);
    refuseWishes(error);
}

void ModelSlot::onWorkerGone() {
    m_worker.reset();
    detachLeases();
    m_residentBytes = 0;
    if (m_state == v1::MODEL_STATE_DRAINING || !m_unloads.empty())
        answerUnloads();
    m_settled();
    if (!m_wishes.empty() && !m_worker && m_state != v1::MODEL_STATE_LOADING)
        beginLoad();
}

void ModelSlot::answerUnloads() {
    if (!moveTo(v1::MODEL_STATE_UNLOADED, "unloaded"))
        return;
    v1::UnloadModelResponse response;
    response.set_model_id(m_key);
    response.set_unloaded(true);
    response.set_freed_mb(static_cast<double>(m_freedBytes) / (1 << 20));
    log::info("model unloaded", {{"model", m_key}, {"freed_mb", response.freed_mb()}});
    m_history.clear();
    for (const auto& reply : std::exchange(m_unloads, {}))
        reply(response);
    for (const auto& done : std::exchange(m_retirements, {}))
        done();
}

void ModelSlot::detachLeases() {
    if (const auto loaded = std::exchange(m_loaded, nullptr))
        loaded->detach();
}

bool ModelSlot::moveTo(v1::ModelState state, const std::string& reason) {
    if (const Result<void> legal = checkTransition(m_state, state); !legal) {
        log::write(log::Level::Error, "illegal transition refused", legal.error(),
                   {{"model", m_key}, {"reason", reason}});
        refuseWishes(legal.error());
        return false;
    }
    const StateChange change{m_key, m_state, state, reason};
    m_state = state;
    log::debug("model changes state",
               {{"model", m_key}, {"from", stateName(change.from)}, {"to", stateName(state)}, {"reason", reason}});
    m_ports.listener.onStateChanged(change);
    return true;
}

} // namespace mm::lifecycle
