// LoadedModel: what leases of one loaded instance share: its worker while there is one, what it said about itself, and
// the count of leases. Made by the ModelSlot at Loaded; outlives both slot and worker while a lease is held. Engine
// thread.
#pragma once

#include "engine/lifecycle/model_lease.h"

namespace mm::lifecycle {

class Worker;

class LeaseOwner {
public:
    virtual ~LeaseOwner() = default;
    virtual void onRun(v1::Priority priority) = 0;
    // After it was counted off; with how long its request wants the model kept, where it says so.
    virtual void onLeaseReleased(std::optional<std::chrono::seconds> keepAlive) = 0;
};

class LoadedModel {
public:
    LoadedModel(LoadedFacts facts, Worker& worker, LeaseOwner& owner)
        : m_facts(std::move(facts)), m_worker(&worker), m_owner(&owner) {}

    [[nodiscard]] const LoadedFacts& facts() const { return m_facts; }
    [[nodiscard]] int leases() const { return m_leases; }

    void retain() { ++m_leases; }
    void release(std::optional<std::chrono::seconds> keepAlive);
    Result<std::uint64_t> run(const v1::InferenceRequest& request, OutputHandler handler);
    void cancel(std::uint64_t id);
    // The worker and its slot are lost to whoever still holds a lease.
    void detach();

private:
    LoadedFacts m_facts;
    Worker* m_worker;
    LeaseOwner* m_owner;
    int m_leases = 0;
};

} // namespace mm::lifecycle
