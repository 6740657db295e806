// SystemService over this process. Made on the engine thread, callable from any.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/executor.h"
#include "engine/inference/dispatcher.h"
#include "engine/lifecycle/lifecycle_manager.h"
#include "engine/registry/catalogue.h"
#include "engine/service/machine/resource_meter.h"
#include "engine/service/system_service.h"

namespace mm::service {

class LocalSystemService final : public SystemService {
public:
    struct Parts {
        Executor& engine;
        registry::Catalogue& catalogue;
        lifecycle::LifecycleManager& lifecycle;
        inference::Dispatcher& dispatcher;
        const Clock& clock;
        ResourceMeter& resources;
    };
    explicit LocalSystemService(Parts parts) : m_parts(parts), m_started(parts.clock.now()) {}

    void status(Reply<v1::SystemStatus> reply) override;
    void memory(Reply<v1::MemoryLedger> reply) override;
    void evictionOrder(Reply<v1::EvictionOrder> reply) override;
    void modelHealth(Reply<v1::ModelHealthResponse> reply) override;
    void readiness(Reply<v1::ReadinessResponse> reply) override;

private:
    [[nodiscard]] v1::SystemStatus currentStatus() const;
    [[nodiscard]] v1::ModelHealthResponse currentModelHealth() const;
    [[nodiscard]] v1::ReadinessResponse currentReadiness() const;

    Parts m_parts;
    Instant m_started;
};

} // namespace mm::service
