#include "engine/lifecycle/lifecycle_manager.h"

#include "engine/lifecycle/policy/serving_config.h"

#include <algorithm>

namespace mm::lifecycle {
namespace {

Error stopping() {
    return {ErrorCode::ServiceUnavailable, "the engine is stopping; no model is loaded any more"};
}

} // namespace

LifecycleManager::LifecycleManager(LifecycleOptions options, Ports ports)
    : m_options(std::move(options))
    , m_ports(ports)
    , m_placement(m_options, m_ports, m_models)
    , m_housekeeping(m_options, m_ports, m_models, m_placement) {}

LifecycleManager::~LifecycleManager() = default;

Result<ModelDeployment*> LifecycleManager::deployment(const std::string& key) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    if (m_stopping)
        return stopping();
    const auto found = m_models.find(key);
    if (found != m_models.end())
        return found->second.get();
    // Only models that exist get a place: a client must not fill the engine with names.
    MM_CHECK(m_ports.directory.find(key));
    ModelDeployment::Owner& owner = *this;
    auto made = std::make_unique<ModelDeployment>(key, m_options, m_ports, owner);
    return m_models.emplace(key, std::move(made)).first->second.get();
}

std::optional<ModelLease> LifecycleManager::tryAcquire(const std::string& key) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    const auto found = m_models.find(key);
    if (m_stopping || found == m_models.end())
        return std::nullopt;
    return found->second->tryLease();
}

void LifecycleManager::acquire(const std::string& key, Urgency urgency, Reply<ModelLease> reply) {
    const Result<ModelDeployment*> found = deployment(key);
    if (!found)
        return reply(found.error());
    found.value()->acquire(urgency, std::move(reply));
}

void LifecycleManager::demandChanged(const std::string&) {
    m_placement.schedule();
}

LoadState LifecycleManager::loadState(const std::string& key) const {
    const auto found = m_models.find(key);
    return found == m_models.end() ? LoadState{"waits for " + key + ", which is not loaded", std::nullopt}
                                   : found->second->loadState();
}

int LifecycleManager::serving(const std::string& key) const {
    const auto found = m_models.find(key);
    return m_stopping || found == m_models.end() ? 0 : found->second->serving();
}

void LifecycleManager::load(const std::string& key, const LoadOrder& order, ProgressHandler progress,
                            Reply<v1::ModelStatus> reply) {
    const Result<ModelDeployment*> found = deployment(key);
    if (!found)
        return reply(found.error());
    found.value()->load(order, std::move(progress), [this, key, reply = std::move(reply)](auto loaded) {
        reply(loaded.ok() ? status(key) : std::move(loaded)); // with what the ledger knows of it
    });
}

void LifecycleManager::unload(const std::string& key, Reply<v1::UnloadModelResponse> reply) {
    const Result<ModelDeployment*> found = deployment(key);
    if (!found)
        return reply(found.error());
    found.value()->unload(std::move(reply));
}

void LifecycleManager::kill(const std::string& key, const std::string& reason, Reply<v1::UnloadModelResponse> reply) {
    const Result<ModelDeployment*> found = deployment(key);
    if (!found)
        return reply(found.error());
    found.value()->kill(reason, std::move(reply));
}

void LifecycleManager::forget(const std::string& key, std::function<void()> done) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    const std::size_t at = key.rfind('@');
    m_ports.measurements.forget(key.substr(0, at), at == std::string::npos ? "" : key.substr(at + 1));
    const auto found = m_models.find(key);
    if (found == m_models.end())
        return done();
    found->second->retire({ErrorCode::ModelNotFound, "the model " + key + " was deleted"}, [this, key, done] {
        // It is at work below this call: it goes when the loop comes round.
        if (auto node = m_models.extract(key))
            m_ports.engineThread.post([model = std::shared_ptr<ModelDeployment>(std::move(node.mapped()))] {});
        done();
    });
}

void LifecycleManager::setOptions(LifecycleOptions options) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    m_options = std::move(options);
    for (const auto& [key, model] : m_models)
        model->optionsChanged();
    m_placement.optionsChanged();
    m_housekeeping.idleMayHaveChanged(true);
}

Result<v1::LoadPlan> LifecycleManager::plan(const std::string& key, int instances) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    MM_TRY(const LoadSpec spec, m_ports.directory.find(key));
    MM_TRY(const LoadPlan planned, m_placement.plan(key, spec, instances));
    return toProto(planned);
}

Result<v1::ModelStatus> LifecycleManager::setPinned(const std::string& key, bool pinned) {
    MM_TRY(ModelDeployment * model, deployment(key));
    model->setPinned(pinned);
    return status(key);
}

v1::MemoryLedger LifecycleManager::memory() {
    MM_ASSERT_THREAD(m_ports.engineThread);
    m_placement.refresh();
    return m_placement.ledger().toProto();
}

v1::EvictionOrder LifecycleManager::evictionOrder() {
    MM_ASSERT_THREAD(m_ports.engineThread);
    return m_placement.evictionOrder();
}

void LifecycleManager::tick() {
    m_housekeeping.look();
    m_housekeeping.unloadIdle();
}

Result<v1::ModelStatus> LifecycleManager::status(const std::string& key) const {
    MM_ASSERT_THREAD(m_ports.engineThread);
    v1::ModelStatus status;
    if (const auto found = m_models.find(key); found != m_models.end()) {
        status = found->second->status();
    } else {
        MM_TRY(const LoadSpec spec, m_ports.directory.find(key));
        status.set_model_id(spec.modelId);
        status.set_version(spec.version);
        status.set_state(v1::MODEL_STATE_UNLOADED);
        status.set_pinned(servingConfig(spec.config).pinned);
        status.mutable_health_status()->set_healthy(true);
    }
    m_placement.describe(status);
    return status;
}

std::vector<v1::ModelStatus> LifecycleManager::statuses() const {
    MM_ASSERT_THREAD(m_ports.engineThread);
    std::vector<v1::ModelStatus> all;
    all.reserve(m_models.size());
    for (const auto& [key, model] : m_models)
        m_placement.describe(all.emplace_back(model->status()));
    return all;
}

void LifecycleManager::shutdown(std::function<void()> done) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    m_whenStopped.push_back(std::move(done));
    if (!m_stopping) {
        m_stopping = true;
        for (const auto& [key, model] : m_models)
            model->retire(stopping(), [] {});
    }
    onSettled();
}

void LifecycleManager::onWanted() {
    m_housekeeping.watch();
    m_placement.run();
}

void LifecycleManager::onChanged() {
    m_placement.schedule();
}

Result<void> LifecycleManager::onReady(const ModelSlot& slot) {
    return m_placement.commit(slot);
}

void LifecycleManager::onEnding(const ModelSlot& slot) {
    m_placement.ending(slot);
}

void LifecycleManager::onGone(const ModelSlot& slot, std::int64_t uses, WallTime lastUsedAt) {
    m_placement.gone(slot, uses, lastUsedAt);
    onSettled();
}

void LifecycleManager::onReleased() {
    m_placement.roomMayHaveChanged();
}

void LifecycleManager::onIdle(bool soon) {
    m_housekeeping.idleMayHaveChanged(soon);
}

void LifecycleManager::onSettled() {
    if (!m_stopping)
        return;
    const bool allGone =
        std::none_of(m_models.begin(), m_models.end(), [](const auto& entry) { return entry.second->hasWorker(); });
    if (!allGone)
        return;
    // Posted: a model may be at work below this call, and `done` may destroy everything.
    for (auto& done : std::exchange(m_whenStopped, {}))
        m_ports.engineThread.post(std::move(done));
}

} // namespace mm::lifecycle
