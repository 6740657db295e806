#include "engine/lifecycle/placement.h"

#include "engine/base/log.h"
#include "engine/lifecycle/policy/eviction_choice.h"
#include "engine/lifecycle/policy/serving_config.h"

#include <algorithm>
#include <utility>

namespace mm::lifecycle {
namespace {

// A pass can only begin and refuse; what it leaves to do after as many as there can be instances waits for the loop.
constexpr int kMostPasses = kMostInstances + 1;
// Requests end by the thousand; planning for those that wait can stay behind a little.
constexpr std::chrono::milliseconds kSettle{5};

std::int64_t sum(const ByDevice& bytes) {
    std::int64_t all = 0;
    for (const DeviceBytes& line : bytes)
        all += line.bytes;
    return all;
}

WantedLoad wantedLoad(const std::string& key, const ModelDeployment::Need& need, const Prediction& prediction) {
    return {key,        need.spec.modelId, need.spec.version, need.instances, prediction.need,
            need.cause, need.urgency,      prediction.loadMs};
}

} // namespace

Placement::Placement(const LifecycleOptions& options, LifecyclePorts ports, const Deployments& models)
    : m_options(options), m_ports(ports), m_models(models), m_ledger(options.memory, ports.memory) {
    registerAllPolicies(m_policies);
    choosePolicy();
    m_again.setSingleShot(true);
    m_soon.setSingleShot(true);
    for (QTimer* timer : {&m_again, &m_soon})
        QObject::connect(timer, &QTimer::timeout, timer, [this] { run(); });
}

Placement::~Placement() = default;

void Placement::choosePolicy() {
    const auto chosen = m_policies.find(m_options.evictionPolicy);
    m_policy = chosen.ok() ? *chosen : *m_policies.find(m_policies.names().front());
}

void Placement::optionsChanged() {
    choosePolicy();
    m_ledger.setOptions(m_options.memory);
    m_ports.listener.onDevices(m_ledger.devices());
    relievePressure();
    schedule();
}

void Placement::schedule() {
    if (std::exchange(m_scheduled, true))
        return;
    m_ports.engineThread.post([this, alive = std::weak_ptr(m_alive)] {
        if (alive.expired())
            return;
        m_scheduled = false;
        run();
    });
}

void Placement::roomMayHaveChanged() {
    if (m_waiting && !m_soon.isActive())
        m_soon.start(kSettle);
}

void Placement::run() {
    if (m_running) {
        m_onceMore = true;
        return;
    }
    m_running = true;
    int passes = 0;
    do {
        m_onceMore = false;
        pass();
    } while (m_onceMore && ++passes < kMostPasses);
    m_running = false;
    if (m_onceMore)
        schedule();
}

void Placement::pass() {
    m_again.stop();
    m_waiting = false;
    ByDevice promised;
    for (const Wanted& wanted : needs())
        place(wanted, promised);
}

std::vector<Placement::Wanted> Placement::needs() const {
    std::vector<Wanted> all;
    for (const auto& [key, model] : m_models)
        if (auto need = model->need())
            all.push_back({model.get(), std::move(*need)});
    std::stable_sort(all.begin(), all.end(), [](const Wanted& one, const Wanted& other) {
        if (one.need.spare != other.need.spare)
            return other.need.spare;
        return goesBefore(one.need.urgency, other.need.urgency);
    });
    return all;
}

void Placement::place(const Wanted& wanted, ByDevice& promised) {
    ModelDeployment& model = *wanted.model;
    const Result<Prediction> prediction = m_ports.predictor.predict(wanted.need.spec);
    if (!prediction)
        return wanted.need.spare ? model.keepWaiting(prediction.error().message) : model.refuse(prediction.error());
    const LoadPlan plan = planLoad(snapshot(promised), wantedLoad(model.key(), wanted.need, *prediction), *m_policy);
    switch (plan.verdict) {
    case Verdict::AlreadyLoaded:
        return;
    case Verdict::LoadNow:
        return begin(wanted, plan, *prediction);
    case Verdict::EvictThenLoad:
        evict(plan.evictions, model.key());
        break;
    case Verdict::Wait:
        if (plan.planAgainAt)
            planAgain(*plan.planAgainAt);
        break;
    case Verdict::Refuse:
        if (!wanted.need.spare)
            return model.refuse(*plan.refusal);
        return model.keepWaiting("another instance waits: " + plan.explanation);
    }
    m_waiting = true;
    model.keepWaiting(plan.explanation);
    for (const DeviceFigures& figures : plan.devices)
        addTo(promised, {{figures.estimate.device, figures.neededBytes}});
}

void Placement::planAgain(Instant when) {
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(when - m_ports.clock.now());
    const auto bounded =
        std::clamp<std::chrono::milliseconds>(wait, std::chrono::milliseconds(1), std::chrono::hours(1));
    if (!m_again.isActive() || bounded < m_again.remainingTimeAsDuration())
        m_again.start(bounded);
}

void Placement::begin(const Wanted& wanted, const LoadPlan& plan, const Prediction& prediction) {
    for (int i = 0; i < plan.toLoad; ++i) {
        const InstanceKey key = wanted.model->beginsNext();
        if (const Result<void> reserved = m_ledger.reserve(key, prediction.need); !reserved)
            return wanted.need.spare ? wanted.model->keepWaiting(reserved.error().message)
                                     : wanted.model->refuse(reserved.error());
        tell(MemoryChange::What::Reserved, key);
        wanted.model->begin(wanted.need.spec);
    }
    m_onceMore = true; // it may want further instances, beyond those that somebody waits for
}

void Placement::evict(const std::vector<PlannedEviction>& evictions, const std::string& why) {
    for (const PlannedEviction& eviction : evictions)
        if (const auto model = m_models.find(eviction.key.model); model != m_models.end())
            model->second->end(eviction.key.instance, EndCause::Evicted, "evicted for " + why + ": " + eviction.reason);
}

Snapshot Placement::snapshot(ByDevice promised) const {
    Snapshot snapshot;
    snapshot.now = m_ports.clock.now();
    snapshot.devices = m_ledger.devices();
    for (IdleView& view : views())
        snapshot.instances.push_back(std::move(view.instance));
    snapshot.promised = std::move(promised);
    snapshot.maxLoadedModels = m_options.maxLoadedModels;
    snapshot.minimumStay = m_options.minimumStay;
    return snapshot;
}

std::vector<IdleView> Placement::views() const {
    std::vector<IdleView> all;
    for (const auto& [key, model] : m_models)
        for (IdleView& view : model->views(m_ports.clock.now())) {
            if (const LedgerEntry* entry = m_ledger.find(view.instance.key))
                view.instance.bytes = entry->held();
            all.push_back(std::move(view));
        }
    return all;
}

Result<LoadPlan> Placement::plan(const std::string& key, const LoadSpec& spec, int instances) {
    m_ledger.refresh();
    MM_TRY(const Prediction prediction, m_ports.predictor.predict(spec));
    if (prediction.problem)
        return *prediction.problem;
    const int inAll = instances > 0 ? std::min(instances, kMostInstances) : servingConfig(spec.config).instances;
    const ModelDeployment::Need need{spec, inAll, Cause::Forced, {v1::PRIORITY_HIGH, m_ports.clock.now()}, false};
    return planLoad(snapshot({}), wantedLoad(key, need, prediction), *m_policy);
}

v1::EvictionOrder Placement::evictionOrder() {
    m_ledger.refresh();
    const EvictionChoice choice = orderEvictions(snapshot({}), *m_policy);
    v1::EvictionOrder order;
    order.set_policy(std::string(m_policy->name()));
    for (const PlannedEviction& planned : choice.evictions)
        *order.add_evictions() = toProto(planned);
    for (const PlannedStay& planned : choice.stays)
        *order.add_stays() = toProto(planned);
    return order;
}

Result<void> Placement::commit(const ModelSlot& slot) {
    m_ledger.attach(slot.key(), slot.pid());
    Result<void> fits = m_ledger.commit(slot.key());
    tell(MemoryChange::What::Committed, slot.key());
    if (const LedgerEntry* entry = m_ledger.find(slot.key()))
        remember(slot, *entry);
    return fits;
}

void Placement::remember(const ModelSlot& slot, const LedgerEntry& entry) {
    const wv1::Loaded& facts = slot.facts();
    const MeasurementKey key{slot.spec().modelId, slot.spec().version, facts.device(), facts.dtype()};
    Measurement measurement = m_ports.measurements.find(key).value_or(Measurement{});
    measurement.predictedBytes = sum(totals(entry.estimate));
    measurement.measuredBytes = bytesOn(entry.measured, kHostDevice);
    measurement.deviceBytes = sum(entry.measured) - measurement.measuredBytes;
    measurement.weightsBytes = facts.weights_bytes();
    measurement.activationBytes = facts.activation_bytes();
    measurement.peakBytes = std::max(measurement.peakBytes, bytesOn(entry.peak, facts.device()));
    measurement.loadMs = slot.loadTimeMs();
    measurement.updatedAt = m_ports.clock.wallNow();
    m_ports.measurements.put(key, measurement);
}

void Placement::ending(const ModelSlot& slot) {
    m_ledger.releasing(slot.key());
    tell(MemoryChange::What::Releasing, slot.key());
}

void Placement::gone(const ModelSlot& slot, std::int64_t uses, WallTime lastUsedAt) {
    const LedgerEntry* entry = m_ledger.find(slot.key());
    const wv1::Loaded& facts = slot.facts();
    const MeasurementKey key{slot.spec().modelId, slot.spec().version, facts.device(), facts.dtype()};
    if (auto measurement = m_ports.measurements.find(key); measurement && entry != nullptr) {
        measurement->peakBytes = std::max(measurement->peakBytes, bytesOn(entry->peak, facts.device()));
        measurement->uses += uses;
        measurement->lastUsedAt = std::max(measurement->lastUsedAt, lastUsedAt);
        m_ports.measurements.put(key, *measurement);
    }
    const ByDevice held = entry == nullptr ? ByDevice{} : entry->held();
    m_ledger.release(slot.key());
    if (!held.empty())
        m_ports.listener.onMemory({MemoryChange::What::Released, slot.key().model, slot.key().instance, held});
    m_ports.listener.onDevices(m_ledger.devices());
    roomMayHaveChanged();
}

void Placement::tell(MemoryChange::What what, const InstanceKey& key) const {
    if (const LedgerEntry* entry = m_ledger.find(key))
        m_ports.listener.onMemory({what, key.model, key.instance, entry->held()});
    m_ports.listener.onDevices(m_ledger.devices());
}

void Placement::describe(v1::ModelStatus& status) const {
    bool any = false;
    for (const LedgerEntry& entry : m_ledger.entries()) {
        if (entry.key.model != status.model_id() + "@" + status.version())
            continue;
        any = true;
        status.set_predicted_bytes(status.predicted_bytes() + sum(totals(entry.estimate)));
        status.set_measured_bytes(status.measured_bytes() + sum(entry.measured));
        status.set_peak_bytes(status.peak_bytes() + sum(entry.peak));
        for (v1::InstanceStatus& instance : *status.mutable_instances())
            if (instance.instance() == entry.key.instance)
                instance.set_measured_bytes(sum(entry.measured));
    }
    if (status.has_loaded_at())
        status.set_memory_usage_mb(static_cast<double>(status.measured_bytes()) / (1 << 20));
    const auto before = m_ports.measurements.latest(status.model_id(), status.version());
    if (any || !before)
        return;
    status.set_predicted_bytes(before->predictedBytes);
    status.set_measured_bytes(before->measuredBytes + before->deviceBytes);
    status.set_peak_bytes(before->peakBytes);
}

void Placement::refresh() {
    if (!m_ledger.refresh())
        return;
    m_ports.listener.onDevices(m_ledger.devices());
    relievePressure();
    schedule();
}

// Other programs took what was ours to use, or a worker grew: what is idle goes before the system runs short.
void Placement::relievePressure() {
    Lack lack;
    for (const DeviceAccount& account : m_ledger.devices())
        if (const std::int64_t over = account.usedBytes() - account.effectiveBytes; over > 0)
            lack.bytes.push_back({account.device, over});
    const Snapshot now = snapshot({});
    for (const InstanceView& instance : now.instances)
        if (instance.holding == Holding::Releasing)
            for (DeviceBytes& line : lack.bytes)
                line.bytes -= bytesOn(instance.bytes, line.device);
    std::erase_if(lack.bytes, [](const DeviceBytes& line) { return line.bytes <= 0; });
    if (lack.none())
        return;
    // One at a time, and nothing that is in use: the next look tells whether that was enough.
    for (DeviceBytes& line : lack.bytes)
        line.bytes = 1;
    WantedLoad room;
    room.urgency = {v1::PRIORITY_LOW, now.now};
    std::vector<PlannedEviction> idle = chooseEvictions(now, room, lack, *m_policy).evictions;
    std::erase_if(idle, [](const PlannedEviction& eviction) { return eviction.busy; });
    evict(idle, "other programs, which have taken memory");
}

} // namespace mm::lifecycle
