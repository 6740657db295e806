// HouseLeases: the models of a WorkerHouse as inference sees them.
#pragma once

#include "engine/inference/ports.h"
#include "tests/support/worker_house.h"

namespace mm::test {

class HouseLeases final : public inference::ModelLeases, public inference::ModelCatalogue {
public:
    explicit HouseLeases(WorkerHouse& house) : m_house(house) {}

    std::unique_ptr<inference::Lease> tryLease(const std::string& key) override {
        auto lease = m_house.manager().tryAcquire(key);
        return lease ? std::make_unique<Held>(std::move(*lease)) : nullptr;
    }
    void lease(const std::string& key, inference::Urgency urgency,
               Reply<std::unique_ptr<inference::Lease>> reply) override {
        m_house.manager().acquire(
            key, {urgency.priority, urgency.since}, [reply = std::move(reply)](Result<lifecycle::ModelLease> lease) {
                if (!lease)
                    return reply(lease.error());
                reply(std::unique_ptr<inference::Lease>(std::make_unique<Held>(std::move(lease).value())));
            });
    }
    void demandChanged(const std::string& key) override { m_house.manager().demandChanged(key); }
    [[nodiscard]] inference::LoadState loadState(const std::string& key) const override {
        return {"loading " + key, std::nullopt};
    }
    [[nodiscard]] int serving(const std::string& key) const override {
        return m_house.status(key).state() == modelmora::v1::MODEL_STATE_LOADED ? 1 : 0;
    }
    Result<inference::ResolvedModel> resolve(const std::string& modelId) override {
        return inference::ResolvedModel{modelId + "@1", modelId, modelmora::v1::TASK_TYPE_TXT2EMBED, 32, {}};
    }

private:
    class Held final : public inference::Lease {
    public:
        explicit Held(lifecycle::ModelLease lease) : m_lease(std::move(lease)) {}
        [[nodiscard]] inference::ModelFacts facts() const override {
            return {m_lease.facts().version, m_lease.facts().device, m_lease.facts().dtype};
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

    WorkerHouse& m_house;
};

} // namespace mm::test
