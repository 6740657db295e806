// The lifecycle as the other contexts want to see it: leases for inference, and its changes for the log. Engine thread.
#pragma once

#include "engine/inference/dispatcher.h"
#include "engine/inference/ports.h"
#include "engine/lifecycle/lifecycle_manager.h"
#include "engine/lifecycle/ports.h"

namespace mm::app {

class LifecycleLeases final : public inference::ModelLeases {
public:
    explicit LifecycleLeases(lifecycle::LifecycleManager& lifecycle) : m_lifecycle(lifecycle) {}

    std::unique_ptr<inference::Lease> tryLease(const std::string& key) override;
    void lease(const std::string& key, inference::Urgency urgency,
               Reply<std::unique_ptr<inference::Lease>> reply) override;
    void demandChanged(const std::string& key) override;
    [[nodiscard]] inference::LoadState loadState(const std::string& key) const override;
    [[nodiscard]] int serving(const std::string& key) const override;

private:
    lifecycle::LifecycleManager& m_lifecycle;
};

// What waits in the dispatcher, for the lifecycle; nothing before it is connected.
class DispatcherDemand final : public lifecycle::RequestDemand {
public:
    // The dispatcher outlives whoever asks.
    void connect(const inference::Dispatcher& dispatcher) { m_dispatcher = &dispatcher; }
    [[nodiscard]] std::optional<lifecycle::Urgency> demand(const std::string& key) const override;

private:
    const inference::Dispatcher* m_dispatcher = nullptr;
};

class LifecycleLog final : public lifecycle::LifecycleListener {
public:
    void onStateChanged(const lifecycle::StateChange& change) override;
    void onLoadProgress(const std::string& key, int instance, const lifecycle::v1::LoadStage& stage) override;
};

} // namespace mm::app
