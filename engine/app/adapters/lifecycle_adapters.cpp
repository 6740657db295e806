#include "engine/app/adapters/lifecycle_adapters.h"

#include "engine/base/log.h"
#include "engine/ipc/names.h"

#include <utility>

namespace mm::app {
namespace {

class HeldLease final : public inference::Lease {
public:
    explicit HeldLease(lifecycle::ModelLease lease) : m_lease(std::move(lease)) {}

    [[nodiscard]] inference::ModelFacts facts() const override {
        const lifecycle::LoadedFacts& facts = m_lease.facts();
        return {facts.version, facts.device, facts.dtype};
    }
    Result<std::uint64_t> run(const inference::v1::InferenceRequest& request,
                              inference::OutputHandler handler) override {
        return m_lease.run(request, std::move(handler));
    }
    void cancel(std::uint64_t id) override { m_lease.cancel(id); }
    void setKeepAlive(std::optional<std::chrono::seconds> time) override { m_lease.setKeepAlive(time); }

private:
    lifecycle::ModelLease m_lease;
};

} // namespace

std::unique_ptr<inference::Lease> LifecycleLeases::tryLease(const std::string& key) {
    auto lease = m_lifecycle.tryAcquire(key);
    return lease ? std::make_unique<HeldLease>(std::move(*lease)) : nullptr;
}

void LifecycleLeases::lease(const std::string& key, inference::Urgency urgency,
                            Reply<std::unique_ptr<inference::Lease>> reply) {
    m_lifecycle.acquire(
        key, {urgency.priority, urgency.since}, [reply = std::move(reply)](Result<lifecycle::ModelLease> lease) {
            if (!lease.ok())
                return reply(std::move(lease).error());
            reply(std::unique_ptr<inference::Lease>(std::make_unique<HeldLease>(std::move(lease).value())));
        });
}

void LifecycleLeases::demandChanged(const std::string& key) {
    m_lifecycle.demandChanged(key);
}

inference::LoadState LifecycleLeases::loadState(const std::string& key) const {
    lifecycle::LoadState state = m_lifecycle.loadState(key);
    return {std::move(state.reason), state.left};
}

int LifecycleLeases::serving(const std::string& key) const {
    return m_lifecycle.serving(key);
}

std::optional<lifecycle::Urgency> DispatcherDemand::demand(const std::string& key) const {
    const auto demand = m_dispatcher == nullptr ? std::nullopt : m_dispatcher->demand(key);
    return demand ? std::optional(lifecycle::Urgency{demand->priority, demand->since}) : std::nullopt;
}

void LifecycleLog::onStateChanged(const lifecycle::StateChange& change) {
    if (change.error)
        return log::write(log::Level::Error, "model unhealthy", *change.error,
                          {{"model", change.key}, {"instance", change.instance}});
    log::write(log::Level::Info, "model " + std::string(stateName(change.to)), change.facts,
               {{"model", change.key}, {"instance", change.instance}, {"reason", change.reason}});
}

void LifecycleLog::onLoadProgress(const std::string& key, int instance, const lifecycle::v1::LoadStage& stage) {
    if (log::enabled(log::Level::Debug))
        log::debug("load progress",
                   {{"model", key}, {"instance", instance}, {"stage", stage.stage()}, {"percent", stage.percent()}});
}

} // namespace mm::app
