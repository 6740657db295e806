// Placement: who gets memory, and in which order. Asks every model what it needs, plans for the most urgent first, and
// acts the plans out: reserve and begin, evict, wait, refuse. What is promised to a more urgent model is not free for
// the next. Whoever changes something that a plan depends on calls schedule(); nothing is ever added up here, each run
// looks at everything anew. Owned by the LifecycleManager; engine thread only.
#pragma once

#include "engine/lifecycle/memory/memory_ledger.h"
#include "engine/lifecycle/model_deployment.h"
#include "engine/lifecycle/policy/load_planner.h"
#include "modelmora/v1/memory.pb.h"

#include <QTimer>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mm::lifecycle {

using Deployments = std::map<std::string, std::unique_ptr<ModelDeployment>, std::less<>>;

class Placement {
public:
    Placement(const LifecycleOptions& options, LifecyclePorts ports, const Deployments& models);
    ~Placement();
    Placement(const Placement&) = delete;
    Placement& operator=(const Placement&) = delete;

    // The options that it was made with hold other values now.
    void optionsChanged();

    // Plans for all who need something and acts on it; from within itself: once more after that.
    void run();
    // The same, when the loop comes round.
    void schedule();
    // As schedule(), a moment later and only where somebody waits for memory.
    void roomMayHaveChanged();

    // What loading so many instances (0: as configured) would do, with force.
    Result<LoadPlan> plan(const std::string& key, const LoadSpec& spec, int instances);

    // The worker is loaded: measured, entered, remembered. An error where that is more than there is: it must end.
    Result<void> commit(const ModelSlot& slot);
    void ending(const ModelSlot& slot);
    // Its process is gone; since it was loaded the model was used so often, last at that time.
    void gone(const ModelSlot& slot, std::int64_t uses, WallTime lastUsedAt);

    // Asks the system again, and evicts what is idle where other programs have taken the room.
    void refresh();

    // Who would have to go next, by the policy that is set.
    [[nodiscard]] v1::EvictionOrder evictionOrder();
    // Every instance that has a worker.
    [[nodiscard]] std::vector<IdleView> views() const;
    [[nodiscard]] const MemoryLedger& ledger() const { return m_ledger; }
    // Predicted, measured and the most that was seen: of the instances that there are, otherwise of the last load.
    void describe(v1::ModelStatus& status) const;

private:
    struct Wanted {
        ModelDeployment* model;
        ModelDeployment::Need need;
    };
    void choosePolicy();
    [[nodiscard]] std::vector<Wanted> needs() const;
    [[nodiscard]] Snapshot snapshot(ByDevice promised) const;
    void pass();
    void place(const Wanted& wanted, ByDevice& promised);
    void planAgain(Instant when);
    void begin(const Wanted& wanted, const LoadPlan& plan, const Prediction& prediction);
    void evict(const std::vector<PlannedEviction>& evictions, const std::string& why);
    void relievePressure();
    void tell(MemoryChange::What what, const InstanceKey& key) const;
    void remember(const ModelSlot& slot, const LedgerEntry& entry);

    const LifecycleOptions& m_options;
    LifecyclePorts m_ports;
    const Deployments& m_models;
    MemoryLedger m_ledger;
    EvictionPolicies m_policies;
    const EvictionPolicy* m_policy;
    QTimer m_again; // when time alone may change a plan
    QTimer m_soon;
    bool m_running = false;
    bool m_onceMore = false;
    bool m_scheduled = false;
    bool m_waiting = false; // somebody waits for memory
    std::shared_ptr<const bool> m_alive = std::make_shared<const bool>(true);
};

} // namespace mm::lifecycle
