#include "engine/lifecycle/housekeeping.h"

#include <algorithm>

namespace mm::lifecycle {
namespace {

// Instances of one model are idle together: what is used on one of them is used on all.
std::vector<IdleView> asModels(std::vector<IdleView> views) {
    for (IdleView& one : views)
        for (const IdleView& other : views)
            if (one.instance.key.model == other.instance.key.model) {
                one.instance.leases = std::max(one.instance.leases, other.instance.leases);
                one.instance.lastUsedAt = std::max(one.instance.lastUsedAt, other.instance.lastUsedAt);
            }
    return views;
}

} // namespace

Housekeeping::Housekeeping(const LifecycleOptions& options, LifecyclePorts ports, const Deployments& models,
                           Placement& placement)
    : m_options(options), m_ports(ports), m_models(models), m_placement(placement) {
    m_idle.setSingleShot(true);
    QObject::connect(&m_looks, &QTimer::timeout, &m_looks, [this] { look(); });
    QObject::connect(&m_idle, &QTimer::timeout, &m_idle, [this] { unloadIdle(); });
}

void Housekeeping::watch() {
    if (!m_looks.isActive())
        m_looks.start(m_options.lookInterval);
}

void Housekeeping::look() {
    const bool anyWorker =
        std::any_of(m_models.begin(), m_models.end(), [](const auto& entry) { return entry.second->hasWorker(); });
    if (!anyWorker)
        m_looks.stop();
    m_placement.refresh();
}

void Housekeeping::idleMayHaveChanged(bool soon) {
    // When the loop comes round: the use that ends now may be followed by the next one at once.
    if (soon || !m_idle.isActive())
        m_idle.start(0);
}

void Housekeeping::unloadIdle() {
    const Instant now = m_ports.clock.now();
    const IdleDecision decision = decideIdle(asModels(m_placement.views()), m_options.idle(), now);
    for (const IdleUnload& unload : decision.unloads)
        if (const auto model = m_models.find(unload.key.model); model != m_models.end())
            model->second->end(unload.key.instance, EndCause::Idle, "unloaded: " + unload.reason);
    if (!decision.decideAgainAt)
        return;
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*decision.decideAgainAt - now);
    m_idle.start(std::clamp<std::chrono::milliseconds>(wait, std::chrono::milliseconds(1), std::chrono::hours(1)));
}

} // namespace mm::lifecycle
