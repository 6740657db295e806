#include "engine/lifecycle/model_slot.h"

#include "engine/base/log.h"
#include "engine/ipc/loss_cause.h"
#include "engine/lifecycle/model_state.h"
#include "engine/lifecycle/policy/load_progress.h"
#include "engine/lifecycle/worker/process_table.h"

#include <algorithm>
#include <utility>

namespace mm::lifecycle {
namespace {

constexpr int kAnnouncementsPerLoad = 1'000;

Error unloadedUnderway(const std::string& model) {
    return {ErrorCode::ServiceUnavailable,
            "the model " + model + " was unloaded while this request ran; send it again to load the model anew"};
}

} // namespace

ModelSlot::ModelSlot(InstanceKey key, const LifecycleOptions& options, LifecyclePorts ports, Owner& owner)
    : m_key(std::move(key)), m_options(options), m_ports(ports), m_owner(owner) {
    m_drainTimer.setSingleShot(true);
    QObject::connect(&m_drainTimer, &QTimer::timeout, &m_drainTimer, [this] {
        log::warning("requests still run at the end of the drain time, ending them",
                     {{"model", m_key.model}, {"requests", leases()}});
        endWorker(unloadedUnderway(m_key.model));
    });
}

ModelSlot::~ModelSlot() {
    detachLeases();
    delete m_worker.release();
}

bool ModelSlot::live() const {
    return m_state == v1::MODEL_STATE_LOADING || m_state == v1::MODEL_STATE_LOADED;
}

bool ModelSlot::canBegin() const {
    return !m_worker && (m_state == v1::MODEL_STATE_UNLOADED || m_state == v1::MODEL_STATE_UNHEALTHY);
}

std::optional<ModelLease> ModelSlot::tryLease() {
    if (m_state != v1::MODEL_STATE_LOADED)
        return std::nullopt;
    return ModelLease(m_loaded);
}

void ModelSlot::begin(LoadSpec spec) {
    m_endCause = EndCause::None;
    if (!moveTo(v1::MODEL_STATE_LOADING, "wanted"))
        return;
    m_spec = std::move(spec);
    m_loadStarted = m_ports.clock.now();
    m_progress.Clear();
    m_announcements = 0;
    m_facts.Clear();
    m_freedBytes = 0;
    m_ending = m_unloadedAfter = false;
    m_worker.reset(new Worker({m_key.model, m_spec, m_options.worker}, m_ports.clock, *this));
    m_worker->start();
    announce("spawn", 0, 0, {});
}

void ModelSlot::optionsChanged() {
    if (m_worker)
        m_worker->setOptions(m_options.worker);
}

void ModelSlot::end(EndCause cause, const std::string& reason, Drain how) {
    m_endCause = cause;
    m_endReason = reason;
    switch (m_state) {
    case v1::MODEL_STATE_LOADING:
        return cancelLoad(reason, how);
    case v1::MODEL_STATE_LOADED:
        return drain(reason, how);
    case v1::MODEL_STATE_UNHEALTHY:
        if (!std::exchange(m_unloadedAfter, true))
            m_freedBytes = 0;
        if (!m_worker)
            becomeUnloaded();
        else if (how == Drain::None)
            killWorker();
        return;
    case v1::MODEL_STATE_DRAINING:
        if (how == Drain::None)
            killWorker();
        else if (how == Drain::Bounded && !m_ending && !m_drainTimer.isActive())
            m_drainTimer.start(m_options.drainTimeout);
        return;
    default:
        return;
    }
}

void ModelSlot::cancelLoad(const std::string& reason, Drain how) {
    m_freedBytes = lifecycle::residentBytes(m_worker->pid()).value_or(0);
    if (!moveTo(v1::MODEL_STATE_UNHEALTHY, reason + " while loading"))
        return;
    m_unloadedAfter = true;
    if (how == Drain::None)
        return killWorker();
    m_ending = true;
    m_worker->shutDown(unloadedUnderway(m_key.model));
    m_owner.onSlotEnding(*this);
}

void ModelSlot::drain(const std::string& reason, Drain how) {
    m_freedBytes = m_residentBytes;
    if (!moveTo(v1::MODEL_STATE_DRAINING, reason))
        return;
    if (how == Drain::None)
        return killWorker();
    if (m_loaded->leases() == 0)
        return endWorker(unloadedUnderway(m_key.model));
    if (how == Drain::Bounded)
        m_drainTimer.start(m_options.drainTimeout);
}

void ModelSlot::endWorker(const Error& why) {
    m_drainTimer.stop();
    m_freedBytes = lifecycle::residentBytes(m_worker->pid()).value_or(m_residentBytes);
    m_ending = true;
    m_worker->shutDown(why);
    m_owner.onSlotEnding(*this);
}

void ModelSlot::killWorker() {
    m_drainTimer.stop();
    const bool wasEnding = std::exchange(m_ending, true);
    if (!wasEnding)
        m_freedBytes = lifecycle::residentBytes(m_worker->pid()).value_or(m_residentBytes);
    m_worker->kill(ipc::modelKilled(m_key.model));
    if (!wasEnding)
        m_owner.onSlotEnding(*this);
}

void ModelSlot::onLeaseReleased(std::optional<std::chrono::seconds> keepAlive) {
    if (leases() == 0)
        m_busyWith = v1::PRIORITY_LOW;
    if (m_state == v1::MODEL_STATE_DRAINING && leases() == 0 && !m_ending)
        endWorker(unloadedUnderway(m_key.model));
    else
        m_owner.onSlotReleased(*this, keepAlive);
}

void ModelSlot::onRun(v1::Priority priority) {
    m_lastUsedAt = m_ports.clock.now();
    m_busyWith = std::max(m_busyWith, priority == v1::PRIORITY_UNSPECIFIED ? v1::PRIORITY_NORMAL : priority);
    m_owner.onSlotUsed(*this);
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
    m_owner.onSlotProgress(*this, m_progress);
}

void ModelSlot::onWorkerLoaded(const wv1::Loaded& loaded) {
    m_facts = loaded;
    m_residentBytes = loaded.memory().resident_bytes();
    m_loadedAt = m_lastUsedAt = m_ports.clock.now();
    m_loadTimeMs = toMilliseconds(m_loadedAt - m_loadStarted);
    m_loadedAtWall = m_lastCheckAt = m_ports.clock.wallNow();
    if (const Result<void> admitted = m_owner.onSlotReady(*this); !admitted)
        return refuseLoaded(admitted.error());
    LeaseOwner& owner = *this;
    m_loaded = std::make_shared<LoadedModel>(
        LoadedFacts{m_spec.modelId, m_spec.version, loaded.device(), loaded.dtype()}, *m_worker, owner);
    if (moveTo(v1::MODEL_STATE_LOADED, "loaded",
               {{"ms", m_loadTimeMs}, {"device", loaded.device()}, {"dtype", loaded.dtype()}, {"pid", pid()}}))
        m_owner.onSlotLoaded(*this);
}

void ModelSlot::refuseLoaded(const Error& error) {
    m_ending = true;
    m_worker->shutDown(error);
    m_owner.onSlotEnding(*this);
    moveTo(v1::MODEL_STATE_UNHEALTHY, error.message, {}, error);
    m_owner.onSlotFailed(*this, error);
}

void ModelSlot::onWorkerMemory(const wv1::Memory& memory) {
    m_residentBytes = memory.resident_bytes();
    m_lastCheckAt = m_ports.clock.wallNow();
}

void ModelSlot::onWorkerFailed(const Error& error, bool crashed) {
    m_crashes += crashed ? 1 : 0;
    m_drainTimer.stop();
    m_ending = true;
    detachLeases();
    // While draining the state stays: the worker is on its way out, as was wanted.
    if (live())
        moveTo(v1::MODEL_STATE_UNHEALTHY, error.message, {}, error);
    else
        log::write(log::Level::Error, "worker lost while it was ending", error, {{"model", m_key.model}});
    m_owner.onSlotFailed(*this, error);
}

void ModelSlot::onWorkerGone() {
    m_worker.reset();
    detachLeases();
    m_residentBytes = 0;
    if (m_state == v1::MODEL_STATE_DRAINING || m_unloadedAfter)
        becomeUnloaded();
    else
        m_owner.onSlotGone(*this);
}

void ModelSlot::becomeUnloaded() {
    m_unloadedAfter = false;
    const double freedMb = static_cast<double>(m_freedBytes) / (1 << 20);
    if (moveTo(v1::MODEL_STATE_UNLOADED, m_endReason, {{"freed_mb", freedMb}}))
        m_owner.onSlotGone(*this);
}

void ModelSlot::detachLeases() {
    if (const auto loaded = std::exchange(m_loaded, nullptr))
        loaded->detach();
}

bool ModelSlot::moveTo(v1::ModelState state, const std::string& reason, Facts facts, std::optional<Error> error) {
    if (const Result<void> legal = checkTransition(m_state, state); !legal) {
        log::write(log::Level::Error, "illegal transition refused", legal.error(),
                   {{"model", m_key.model}, {"instance", m_key.instance}, {"reason", reason}});
        m_owner.onSlotFailed(*this, legal.error());
        return false;
    }
    const StateChange change{m_key.model,      m_state,          state,     reason, m_key.instance,
                             std::move(facts), std::move(error), m_endCause};
    m_state = state;
    m_owner.onSlotChanged(change);
    return true;
}

} // namespace mm::lifecycle
