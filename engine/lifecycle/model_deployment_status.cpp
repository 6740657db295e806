// What a ModelDeployment tells about itself: its status in the public API's words, what planner and policies look at,
// and why it refuses.
#include "engine/ipc/facts.h"
#include "engine/ipc/names.h"
#include "engine/lifecycle/model_deployment.h"
#include "engine/lifecycle/policy/serving_config.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace mm::lifecycle {
namespace {

google::protobuf::Timestamp toTimestamp(WallTime time) {
    const auto since = std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch());
    return google::protobuf::util::TimeUtil::NanosecondsToTimestamp(since.count());
}

bool isSet(WallTime time) {
    return time != WallTime{};
}

// A model is in the best state that one of its instances is in.
constexpr std::array kBestFirst{v1::MODEL_STATE_LOADED, v1::MODEL_STATE_LOADING, v1::MODEL_STATE_DRAINING,
                                v1::MODEL_STATE_UNHEALTHY};

void describeLoaded(const ModelSlot& slot, v1::ModelStatus& status) {
    const wv1::Loaded& facts = slot.facts();
    status.set_device(facts.device());
    status.set_device_reason(facts.device_reason());
    status.set_dtype(facts.dtype());
    status.set_threads(facts.threads());
    status.set_weights_bytes(facts.weights_bytes());
    status.set_embedding_dimension(facts.embedding_dimension());
    status.set_max_sequence_length(facts.max_sequence_length());
    *status.mutable_labels() = facts.labels();
    status.set_load_time_ms(slot.loadTimeMs());
    *status.mutable_loaded_at() = toTimestamp(slot.loadedAtWall());
}

} // namespace

v1::ModelState ModelDeployment::state() const {
    for (const v1::ModelState best : kBestFirst)
        if (count(best) > 0)
            return best;
    return v1::MODEL_STATE_UNLOADED;
}

v1::ModelStatus ModelDeployment::status() const {
    v1::ModelStatus status;
    const std::size_t at = m_key.rfind('@');
    status.set_model_id(m_key.substr(0, at));
    if (at != std::string::npos)
        status.set_version(m_key.substr(at + 1));
    status.set_state(state());
    status.set_requests_total(m_requests);
    status.set_pinned(pinned());
    status.set_reason(m_waiting.empty() ? m_lastEnd : m_waiting);
    const bool unhealthy = status.state() == v1::MODEL_STATE_UNHEALTHY;
    auto* health = status.mutable_health_status();
    health->set_healthy(!unhealthy);
    if (unhealthy && m_lastFailure)
        health->set_error_message(m_lastFailure->message);
    if (m_lastFailure)
        *status.mutable_last_failure() = ipc::toProto(*m_lastFailure);
    if (isSet(m_lastUsedAt))
        *status.mutable_last_used_at() = toTimestamp(m_lastUsedAt);
    describeInstances(status);
    describeIdle(status);
    return status;
}

void ModelDeployment::describeInstances(v1::ModelStatus& status) const {
    WallTime lastCheck;
    std::int64_t resident = 0;
    for (const auto& slot : m_slots) {
        status.set_crashes(status.crashes() + slot->crashes());
        status.set_in_flight(status.in_flight() + slot->leases());
        resident += slot->residentBytes();
        lastCheck = std::max(lastCheck, slot->lastCheckAt());
        if (slot->hasWorker() && status.pid() == 0)
            status.set_pid(slot->pid());
        if (slot->state() == v1::MODEL_STATE_LOADING && !status.has_load_progress())
            *status.mutable_load_progress() = slot->progress();
        if (slot->loaded() && !status.has_loaded_at())
            describeLoaded(*slot, status);
        if (slot->state() == v1::MODEL_STATE_UNLOADED)
            continue;
        auto* instance = status.add_instances();
        instance->set_instance(slot->key().instance);
        instance->set_state(slot->state());
        instance->set_pid(slot->pid());
        instance->set_in_flight(slot->leases());
        instance->set_crashes(slot->crashes());
    }
    status.set_resident_bytes(resident);
    if (isSet(lastCheck))
        *status.mutable_health_status()->mutable_last_check_at() = toTimestamp(lastCheck);
}

void ModelDeployment::describeIdle(v1::ModelStatus& status) const {
    const Instant now = m_ports.clock.now();
    std::optional<Instant> last;
    for (const IdleView& view : views(now)) {
        const auto at = idleUnloadAt(view, m_options.idle());
        if (view.instance.holding == Holding::Loaded && !at)
            return;
        last = std::max(last, at);
    }
    if (last)
        *status.mutable_idle_unload_at() =
            toTimestamp(m_ports.clock.wallNow() + std::chrono::duration_cast<WallTime::duration>(*last - now));
}

LoadState ModelDeployment::loadState() const {
    const auto loading = std::find_if(m_slots.begin(), m_slots.end(),
                                      [](const auto& slot) { return slot->state() == v1::MODEL_STATE_LOADING; });
    if (loading == m_slots.end())
        return {m_waiting.empty() ? "waits for " + m_key + ", which is " + std::string(stateName(state())) : m_waiting,
                std::nullopt};
    const v1::LoadStage& progress = (*loading)->progress();
    LoadState told{"loading " + m_key + ", " + std::to_string(std::lround(progress.percent())) + " %", std::nullopt};
    if (!progress.stage().empty())
        told.reason += ", " + progress.stage();
    // As long as the last time, less what is done of it.
    if (const double before = (*loading)->loadTimeMs(); before > 0)
        told.left = std::chrono::milliseconds(std::lround(before * (1 - progress.percent() / 100)));
    return told;
}

bool ModelDeployment::pinned() const {
    return m_pinned.value_or(servingConfig(m_spec.config).pinned);
}

std::optional<KeepAlive> ModelDeployment::keepAlive() const {
    return m_keepAlive ? m_keepAlive : servingConfig(m_spec.config).keepAlive;
}

std::vector<IdleView> ModelDeployment::views(Instant now) const {
    std::vector<IdleView> all;
    for (const auto& slot : m_slots)
        if (slot->hasWorker())
            all.push_back({view(*slot, now), keepAlive()});
    return all;
}

InstanceView ModelDeployment::view(const ModelSlot& slot, Instant now) const {
    InstanceView view;
    view.key = slot.key();
    view.modelId = slot.spec().modelId;
    view.version = slot.spec().version;
    const bool loading = slot.state() == v1::MODEL_STATE_LOADING;
    view.holding = loading ? Holding::Loading : slot.live() ? Holding::Loaded : Holding::Releasing;
    view.pinned = pinned();
    if (view.holding == Holding::Loaded)
        view.awaited = demand();
    view.leases = slot.leases();
    view.busyWith = slot.busyWith();
    view.loadedAt = slot.loadedAt();
    view.lastUsedAt = slot.lastUsedAt();
    view.uses = m_frequency.at(now);
    view.reloadMs = slot.loadTimeMs();
    if (isSet(m_lastUsedAt))
        view.lastUsedWall = m_lastUsedAt;
    return view;
}

} // namespace mm::lifecycle
