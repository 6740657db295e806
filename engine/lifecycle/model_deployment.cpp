#include "engine/lifecycle/model_deployment.h"

#include "engine/ipc/loss_cause.h"
#include "engine/lifecycle/policy/serving_config.h"
#include "engine/lifecycle/worker/load_stamp.h"

#include <algorithm>
#include <thread>
#include <utility>

namespace mm::lifecycle {
namespace {

// Whether a model's files have changed is looked at no more often than this, however many requests ask for it.
constexpr std::chrono::milliseconds kStampAge{500};

Error unloadedMeanwhile(const std::string& key) {
    return {ErrorCode::ModelNotLoaded,
            "the model " + key + " was unloaded while it was being loaded; ask again to load it"};
}

Error notLoaded(const std::string& key) {
    return {ErrorCode::ModelNotLoaded, "the model " + key + " is not loaded"};
}

} // namespace

ModelDeployment::ModelDeployment(std::string key, const LifecycleOptions& options, LifecyclePorts ports, Owner& owner)
    : m_key(std::move(key)), m_options(options), m_ports(ports), m_owner(owner), m_history(options.retry) {}

ModelDeployment::~ModelDeployment() = default;

std::optional<ModelLease> ModelDeployment::tryLease() {
    if (m_retired)
        return std::nullopt;
    ModelSlot* least = nullptr;
    for (const auto& slot : m_slots)
        if (slot->state() == v1::MODEL_STATE_LOADED && (least == nullptr || slot->leases() < least->leases()))
            least = slot.get();
    return least == nullptr ? std::nullopt : least->tryLease();
}

void ModelDeployment::acquire(Urgency urgency, Reply<ModelLease> reply) {
    if (m_retired)
        return reply(*m_retired);
    if (auto lease = tryLease())
        return reply(std::move(*lease));
    if (state() == v1::MODEL_STATE_UNHEALTHY)
        if (const auto refused = refusedStill())
            return reply(*refused);
    m_wishes.addRequest(urgency, std::move(reply));
    wanted();
}

void ModelDeployment::load(const LoadOrder& order, ProgressHandler progress, Reply<v1::ModelStatus> reply) {
    if (m_retired)
        return reply(*m_retired);
    m_history.clear();
    m_orderedInstances = order.instances;
    if (order.pin)
        pin(*order.pin);
    const Urgency urgency{order.priority, m_ports.clock.now()};
    m_wishes.addOrder(urgency, order.force, std::move(progress), std::move(reply));
    wanted();
    endSurplus();
    if (count(v1::MODEL_STATE_LOADED) >= target())
        m_wishes.serveOrders(status());
}

std::optional<Error> ModelDeployment::refusedStill() {
    const Instant now = m_ports.clock.now();
    if (m_history.isLasting() && now - m_stampedAt > kStampAge) {
        m_stampedAt = now;
        if (const Result<LoadSpec> spec = m_ports.directory.find(m_key); spec.ok())
            m_history.observe(loadStamp(*spec));
    }
    if (!m_history.blockedUntil(now))
        return std::nullopt;
    return refusal(m_key, m_history, *m_lastFailure, now);
}

void ModelDeployment::wanted() {
    Result<LoadSpec> spec = m_ports.directory.find(m_key);
    if (!spec)
        return m_wishes.refuseAll(spec.error());
    m_spec = std::move(spec).value();
    m_owner.onWanted();
}

std::optional<Urgency> ModelDeployment::demand() const {
    if (m_ports.demand != nullptr)
        return m_ports.demand->demand(m_key);
    return m_wishes.requested() ? std::optional(m_wishes.urgency()) : std::nullopt;
}

int ModelDeployment::target() const {
    return m_orderedInstances > 0 ? std::min(m_orderedInstances, kMostInstances)
                                  : servingConfig(m_spec.config).instances;
}

std::optional<ModelDeployment::Need> ModelDeployment::need() {
    if (m_retired || !m_unloads.empty())
        return std::nullopt;
    const int there = live();
    const int wantedInAll = target();
    const bool ordered = m_wishes.ordered() && there < wantedInAll;
    // A lease that was asked for while requests waited waits on without them, but moves nothing.
    const std::optional<Urgency> waits = demand();
    const bool requested = waits && m_wishes.requested() && there == 0;
    const bool spare = there > 0 && there < wantedInAll && !m_history.blockedUntil(m_ports.clock.now());
    if (!ordered && !requested && !spare) {
        m_waiting.clear();
        return std::nullopt;
    }
    const int free =
        wantedInAll - static_cast<int>(std::count_if(
                          m_slots.begin(), m_slots.begin() + std::min<std::ptrdiff_t>(wantedInAll, std::ssize(m_slots)),
                          [](const auto& slot) { return !slot->canBegin(); }));
    if (free <= 0 || (ordered && free < wantedInAll - there)) {
        keepWaiting("waits for the former worker of " + m_key + " to end");
        return std::nullopt;
    }
    Need need{m_spec, ordered ? wantedInAll : there + 1, Cause::Operator, {}, !ordered && !requested};
    need.spec.threads = threadsPerInstance(m_spec.threads, m_spec.threadsFixed, wantedInAll,
                                           static_cast<int>(std::thread::hardware_concurrency()));
    if (need.spare) {
        need.urgency = {v1::PRIORITY_LOW, m_ports.clock.now()};
        return need;
    }
    need.cause = m_wishes.forced() ? Cause::Forced : requested ? Cause::Request : Cause::Operator;
    need.urgency = m_wishes.urgency();
    if (waits && goesBefore(*waits, need.urgency))
        need.urgency = *waits;
    return need;
}

InstanceKey ModelDeployment::beginsNext() const {
    const auto free = std::find_if(m_slots.begin(), m_slots.end(), [](const auto& slot) { return slot->canBegin(); });
    return {m_key, static_cast<int>(free - m_slots.begin())};
}

void ModelDeployment::begin(LoadSpec spec) {
    m_stamp = loadStamp(m_spec);
    const auto index = static_cast<std::size_t>(beginsNext().instance);
    if (index == m_slots.size()) {
        ModelSlot::Owner& owner = *this;
        m_slots.push_back(
            std::make_unique<ModelSlot>(InstanceKey{m_key, static_cast<int>(index)}, m_options, m_ports, owner));
    }
    m_waiting.clear();
    m_lastEnd.clear();
    m_slots[index]->begin(std::move(spec));
}

void ModelDeployment::refuse(const Error& error) {
    m_waiting.clear();
    m_lastFailure = error;
    m_wishes.refuseAll(error);
}

void ModelDeployment::keepWaiting(const std::string& reason) {
    const bool waitedBefore = !m_waiting.empty();
    m_waiting = reason;
    if (!waitedBefore)
        m_ports.listener.onWaiting(m_key, m_waiting);
}

void ModelDeployment::end(int instance, EndCause cause, const std::string& reason) {
    m_lastEnd = reason;
    m_slots.at(static_cast<std::size_t>(instance))->end(cause, reason, ModelSlot::Drain::UntilDone);
}

void ModelDeployment::optionsChanged() {
    for (const auto& slot : m_slots)
        slot->optionsChanged();
}

void ModelDeployment::endSurplus() {
    int surplus = live() - target();
    for (auto slot = m_slots.rbegin(); slot != m_slots.rend() && surplus > 0; ++slot)
        if ((*slot)->live()) {
            (*slot)->end(EndCause::Surplus, "fewer instances were ordered", ModelSlot::Drain::UntilDone);
            --surplus;
        }
}

void ModelDeployment::pin(bool pinned) {
    const bool before = this->pinned();
    m_pinned = pinned;
    if (before != pinned)
        m_ports.listener.onPinned(m_key, pinned);
}

void ModelDeployment::setPinned(bool pinned) {
    pin(pinned);
    m_owner.onChanged();
    tellIdle(true);
}

void ModelDeployment::tellIdle(bool soon) {
    if (soon || m_options.idleUnload.count() > 0 || keepAlive())
        m_owner.onIdle(soon);
}

void ModelDeployment::unload(Reply<v1::UnloadModelResponse> reply) {
    const v1::ModelState before = state();
    if (isAtRest())
        return reply(notLoaded(m_key));
    m_unloads.push_back(std::move(reply));
    m_orderedInstances = 0;
    for (const auto& slot : m_slots)
        slot->end(EndCause::Ordered, "unloaded", ModelSlot::Drain::Bounded);
    // Whoever came while it was draining is served by a fresh load.
    if (before != v1::MODEL_STATE_DRAINING)
        m_wishes.refuseAll(unloadedMeanwhile(m_key));
    unloadIfAllGone();
}

void ModelDeployment::kill(const std::string& reason, Reply<v1::UnloadModelResponse> reply) {
    if (isAtRest())
        return reply(notLoaded(m_key));
    m_unloads.push_back(std::move(reply));
    m_orderedInstances = 0;
    m_lastEnd = reason;
    m_wishes.refuseAll(ipc::modelKilled(m_key));
    for (const auto& slot : m_slots)
        slot->end(EndCause::Killed, reason, ModelSlot::Drain::None);
    unloadIfAllGone();
}

void ModelDeployment::retire(const Error& why, std::function<void()> done) {
    m_retired = why;
    m_wishes.refuseAll(why);
    m_retirements.push_back(std::move(done));
    for (const auto& slot : m_slots)
        slot->end(EndCause::Retired, why.message, ModelSlot::Drain::Bounded);
    unloadIfAllGone();
}

void ModelDeployment::unloadIfAllGone() {
    const bool allGone = std::all_of(m_slots.begin(), m_slots.end(), [](const auto& slot) {
        return slot->state() == v1::MODEL_STATE_UNLOADED && !slot->hasWorker();
    });
    if (allGone && (!m_unloads.empty() || !m_retirements.empty()))
        answerUnloads();
}

void ModelDeployment::answerUnloads() {
    std::int64_t freed = 0;
    for (const auto& slot : m_slots)
        freed += slot->takeFreedBytes();
    v1::UnloadModelResponse response;
    const std::size_t at = m_key.rfind('@');
    response.set_model_id(m_key.substr(0, at));
    if (at != std::string::npos)
        response.set_version(m_key.substr(at + 1));
    response.set_unloaded(true);
    response.set_freed_mb(static_cast<double>(freed) / (1 << 20));
    m_history.clear();
    m_waiting.clear();
    m_keepAlive.reset();
    for (const auto& reply : std::exchange(m_unloads, {}))
        reply(response);
    for (const auto& done : std::exchange(m_retirements, {}))
        done();
}

void ModelDeployment::onSlotChanged(const StateChange& change) {
    if (change.error)
        m_lastFailure = change.error;
    m_ports.listener.onStateChanged(change);
}

void ModelDeployment::onSlotProgress(const ModelSlot& slot, const v1::LoadStage& stage) {
    m_ports.listener.onLoadProgress(m_key, slot.key().instance, stage);
    // Of several instances the first tells how far the load is: one line of progress that never goes back.
    const auto first = std::find_if(m_slots.begin(), m_slots.end(),
                                    [](const auto& each) { return each->state() == v1::MODEL_STATE_LOADING; });
    if (first != m_slots.end() && first->get() == &slot)
        m_wishes.tell(stage);
}

void ModelDeployment::onSlotLoaded(ModelSlot&) {
    m_wishes.serveRequests([this] { return tryLease(); });
    if (count(v1::MODEL_STATE_LOADED) >= target())
        m_wishes.serveOrders(status());
    m_owner.onChanged();
    tellIdle(false);
}

void ModelDeployment::onSlotFailed(ModelSlot&, const Error& error) {
    m_lastFailure = error;
    m_history.record(m_ports.clock.now(), failureClass(error.code), m_stamp);
    m_wishes.refuseOrders(error);
    // What turned out larger than predicted is planned again with what was measured, a few times.
    const bool planAgain = error.facts.contains("predicted_bytes") && !m_history.blockedUntil(m_ports.clock.now());
    if (live() == 0 && !planAgain)
        m_wishes.refuseRequests(error);
}

void ModelDeployment::onSlotGone(ModelSlot& slot) {
    m_owner.onGone(slot, m_requests - std::exchange(m_requestsTold, m_requests), m_lastUsedAt);
    unloadIfAllGone();
    m_owner.onChanged();
}

void ModelDeployment::onSlotUsed(ModelSlot&) {
    ++m_requests;
    m_lastUsedAt = m_ports.clock.wallNow();
    m_frequency.record(m_ports.clock.now());
}

void ModelDeployment::onSlotReleased(ModelSlot& slot, std::optional<std::chrono::seconds> keepAlive) {
    const bool keepAliveSet = keepAlive.has_value();
    m_keepAlive = keepAlive;
    if (slot.leases() > 0)
        return;
    m_owner.onReleased();
    tellIdle(keepAliveSet);
}

int ModelDeployment::count(v1::ModelState state) const {
    return static_cast<int>(
        std::count_if(m_slots.begin(), m_slots.end(), [=](const auto& slot) { return slot->state() == state; }));
}

int ModelDeployment::live() const {
    return static_cast<int>(
        std::count_if(m_slots.begin(), m_slots.end(), [](const auto& slot) { return slot->live(); }));
}

bool ModelDeployment::hasWorker() const {
    return std::any_of(m_slots.begin(), m_slots.end(), [](const auto& slot) { return slot->hasWorker(); });
}

} // namespace mm::lifecycle
