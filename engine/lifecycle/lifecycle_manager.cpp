#include "engine/lifecycle/lifecycle_manager.h"

#include "engine/lifecycle/model_slot.h"

#include <algorithm>

namespace mm::lifecycle {
namespace {

Error stopping() {
    return {ErrorCode::ServiceUnavailable, "the engine is stopping; no model is loaded any more"};
}

} // namespace

LifecycleManager::LifecycleManager(LifecycleOptions options, Ports ports)
    : m_options(std::move(options)), m_ports(ports) {}

LifecycleManager::~LifecycleManager() = default;

Result<ModelSlot*> LifecycleManager::slot(const std::string& key) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    if (m_stopping)
        return stopping();
    const auto found = m_slots.find(key);
    if (found != m_slots.end())
        return found->second.get();
    // Only models that exist get a slot: a client must not fill the engine with names.
    MM_CHECK(m_ports.directory.find(key));
    auto made = std::make_unique<ModelSlot>(key, m_options, m_ports, [this] { onSettled(); });
    return m_slots.emplace(key, std::move(made)).first->second.get();
}

std::optional<ModelLease> LifecycleManager::tryAcquire(const std::string& key) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    const auto found = m_slots.find(key);
    if (m_stopping || found == m_slots.end())
        return std::nullopt;
    return found->second->tryLease();
}

void LifecycleManager::acquire(const std::string& key, Reply<ModelLease> reply) {
    const Result<ModelSlot*> found = slot(key);
    if (!found)
        return reply(found.error());
    found.value()->acquire(std::move(reply));
}

void LifecycleManager::load(const std::string& key, ProgressHandler progress, Reply<v1::ModelStatus> reply) {
    const Result<ModelSlot*> found = slot(key);
    if (!found)
        return reply(found.error());
    found.value()->load(std::move(progress), std::move(reply));
}

void LifecycleManager::unload(const std::string& key, Reply<v1::UnloadModelResponse> reply) {
    const Result<ModelSlot*> found = slot(key);
    if (!found)
        return reply(found.error());
    found.value()->unload(std::move(reply));
}

void LifecycleManager::forget(const std::string& key, std::function<void()> done) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    const auto found = m_slots.find(key);
    if (found == m_slots.end())
        return done();
    found->second->retire({ErrorCode::ModelNotFound, "the model " + key + " was deleted"}, [this, key, done] {
        // The slot is at work below this call: it goes when the loop comes round.
        if (auto node = m_slots.extract(key))
            m_ports.engineThread.post([slot = std::shared_ptr<ModelSlot>(std::move(node.mapped()))] {});
        done();
    });
}

Result<v1::ModelStatus> LifecycleManager::status(const std::string& key) const {
    MM_ASSERT_THREAD(m_ports.engineThread);
    if (const auto found = m_slots.find(key); found != m_slots.end())
        return found->second->status();
    MM_TRY(const LoadSpec spec, m_ports.directory.find(key));
    v1::ModelStatus status;
    status.set_model_id(spec.modelId);
    status.set_version(spec.version);
    status.set_state(v1::MODEL_STATE_UNLOADED);
    status.mutable_health_status()->set_healthy(true);
    return status;
}

std::vector<v1::ModelStatus> LifecycleManager::statuses() const {
    MM_ASSERT_THREAD(m_ports.engineThread);
    std::vector<v1::ModelStatus> all;
    all.reserve(m_slots.size());
    for (const auto& [key, slot] : m_slots)
        all.push_back(slot->status());
    return all;
}

void LifecycleManager::shutdown(std::function<void()> done) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    m_whenStopped.push_back(std::move(done));
    if (!m_stopping) {
        m_stopping = true;
        for (const auto& [key, slot] : m_slots)
            slot->retire(stopping(), [] {});
    }
    onSettled();
}

void LifecycleManager::onSettled() {
    if (!m_stopping)
        return;
    const bool allGone =
        std::none_of(m_slots.begin(), m_slots.end(), [](const auto& entry) { return entry.second->hasWorker(); });
    if (!allGone)
        return;
    // Posted: a slot may be at work below this call, and `done` may destroy everything.
    for (auto& done : std::exchange(m_whenStopped, {}))
        m_ports.engineThread.post(std::move(done));
}

} // namespace mm::lifecycle
