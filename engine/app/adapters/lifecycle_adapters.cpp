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
    void setKeepAlive(std::optional<std::chrono::seconds>) override {}

private:
    lifecycle::ModelLease m_lease;
};

std::string inWords(const std::string& key, const lifecycle::v1::ModelStatus& status) {
    if (!status.reason().empty())
        return status.reason();
    if (status.state() != lifecycle::v1::MODEL_STATE_LOADING)
        return "waits for " + key + ", which is " + std::string(stateName(status.state()));
    std::string text = "loading " + key;
    if (const auto& progress = status.load_progress(); !progress.stage().empty())
        text += ", " + std::to_string(static_cast<int>(progress.percent())) + " %, " + progress.stage();
    return text;
}

} // namespace

std::unique_ptr<inference::Lease> LifecycleLeases::tryLease(const std::string& key) {
    auto lease = m_lifecycle.tryAcquire(key);
    return lease ? std::make_unique<HeldLease>(std::move(*lease)) : nullptr;
}

void LifecycleLeases::lease(const std::string& key, inference::Urgency,
                            Reply<std::unique_ptr<inference::Lease>> reply) {
    m_lifecycle.acquire(key, [reply = std::move(reply)](Result<lifecycle::ModelLease> lease) {
        if (!lease.ok())
            return reply(std::move(lease).error());
        reply(std::unique_ptr<inference::Lease>(std::make_unique<HeldLease>(std::move(lease).value())));
    });
}

void LifecycleLeases::demandChanged(const std::string&) {}

inference::LoadState LifecycleLeases::loadState(const std::string& key) const {
    const auto status = m_lifecycle.status(key);
    return {status ? inWords(key, *status) : status.error().message, std::nullopt};
}

int LifecycleLeases::serving(const std::string& key) const {
    const auto status = m_lifecycle.status(key);
    return status && status->state() == lifecycle::v1::MODEL_STATE_LOADED ? 1 : 0;
}

void LifecycleLog::onStateChanged(const lifecycle::StateChange& change) {
    const auto level = change.to == lifecycle::v1::MODEL_STATE_UNHEALTHY ? log::Level::Warning : log::Level::Info;
    log::write(level, "model state",
               {{"model", change.key},
                {"from", stateName(change.from)},
                {"to", stateName(change.to)},
                {"reason", change.reason}});
}

void LifecycleLog::onLoadProgress(const std::string& key, const lifecycle::v1::LoadStage& stage) {
    if (log::enabled(log::Level::Debug))
        log::debug("load progress", {{"model", key}, {"stage", stage.stage()}, {"percent", stage.percent()}});
}

} // namespace mm::app
