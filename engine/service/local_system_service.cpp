#include "engine/service/local_system_service.h"

#include "engine/base/system_memory.h"

#include <unistd.h>

#include <utility>

namespace mm::service {
namespace {

double megabytes(std::int64_t bytes) {
    return static_cast<double>(bytes) / (1024.0 * 1024.0);
}

// The budget of the host's memory, and the GPUs.
void describeDevices(const lifecycle::MemoryLedger& ledger, v1::SystemStatus& status) {
    int index = 0;
    for (const lifecycle::DeviceAccount& account : ledger.devices()) {
        if (account.device == lifecycle::kHostDevice) {
            status.mutable_memory()->set_threshold_mb(megabytes(account.effectiveBytes));
            continue;
        }
        auto& gpu = *status.mutable_gpu()->add_devices();
        gpu.set_device_id(index++);
        gpu.set_name(account.name);
        gpu.set_memory_total_mb(megabytes(account.totalBytes));
        gpu.set_memory_used_mb(megabytes(account.totalBytes - account.availableBytes));
    }
    status.mutable_gpu()->set_available(index > 0);
}

} // namespace

void LocalSystemService::status(Reply<v1::SystemStatus> reply) {
    m_parts.engine.post([this, reply = std::move(reply)] { reply(currentStatus()); });
}

void LocalSystemService::memory(Reply<v1::MemoryLedger> reply) {
    m_parts.engine.post([this, reply = std::move(reply)] { reply(m_parts.lifecycle.memory()); });
}

void LocalSystemService::evictionOrder(Reply<v1::EvictionOrder> reply) {
    m_parts.engine.post([this, reply = std::move(reply)] { reply(m_parts.lifecycle.evictionOrder()); });
}

void LocalSystemService::modelHealth(Reply<v1::ModelHealthResponse> reply) {
    m_parts.engine.post([this, reply = std::move(reply)] { reply(currentModelHealth()); });
}

void LocalSystemService::readiness(Reply<v1::ReadinessResponse> reply) {
    m_parts.engine.post([this, reply = std::move(reply)] { reply(currentReadiness()); });
}

v1::SystemStatus LocalSystemService::currentStatus() const {
    v1::SystemStatus status;
    status.set_version(MM_VERSION);
    status.set_pid(::getpid());
    status.set_uptime_seconds(
        std::chrono::duration_cast<std::chrono::seconds>(m_parts.clock.now() - m_started).count());
    const SystemMemory memory = readSystemMemory();
    status.mutable_memory()->set_total_mb(megabytes(memory.totalBytes));
    status.mutable_memory()->set_available_mb(megabytes(memory.availableBytes));
    status.mutable_memory()->set_used_mb(megabytes(memory.totalBytes - memory.availableBytes));
    *status.mutable_resources() = m_parts.resources.read(m_parts.clock.now());
    describeDevices(m_parts.lifecycle.ledger(), status);
    status.set_engine_memory_mb(megabytes(readProcessMemory().residentBytes));
    if (const auto listed = m_parts.catalogue.list({}); listed.ok())
        status.set_registered_models(listed->pagination().total());
    *status.mutable_queue() = m_parts.dispatcher.waiting();
    for (v1::ModelStatus& model : m_parts.lifecycle.statuses())
        if (model.state() != v1::MODEL_STATE_UNLOADED)
            *status.add_loaded_models() = std::move(model);
    return status;
}

v1::ModelHealthResponse LocalSystemService::currentModelHealth() const {
    v1::ModelHealthResponse health;
    for (v1::ModelStatus& model : m_parts.lifecycle.statuses()) {
        if (model.state() == v1::MODEL_STATE_UNLOADED)
            continue;
        if (model.health_status().healthy())
            health.set_healthy_count(health.healthy_count() + 1);
        else
            health.set_unhealthy_count(health.unhealthy_count() + 1);
        *health.add_models() = std::move(model);
    }
    return health;
}

v1::ReadinessResponse LocalSystemService::currentReadiness() const {
    v1::ReadinessResponse readiness;
    readiness.mutable_checks()->set_database(m_parts.catalogue.healthy());
    readiness.mutable_checks()->set_queue(!m_parts.dispatcher.full());
    const bool ready = readiness.checks().database() && readiness.checks().queue();
    readiness.set_status(ready ? "ready" : "not ready");
    return readiness;
}

} // namespace mm::service
