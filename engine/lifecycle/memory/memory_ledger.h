// MemoryLedger: who holds how much of which device. An instance is entered before its worker starts (reserve), settled
// when it is loaded (commit), marked when it is told to end (releasing) and taken out when the system shows its memory
// free (release). Every sum is computed anew from the entries. The effective budget is what may be used now that other
// programs take their part; it moves with each refresh(). Owned by the LifecycleManager; engine thread only.
#pragma once

#include "engine/base/result.h"
#include "engine/lifecycle/memory/memory_budget.h"
#include "engine/lifecycle/memory/memory_need.h"
#include "engine/lifecycle/memory/memory_probe.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mm::lifecycle {

// One instance of a model: "org/repo@version" and its number from 0.
struct InstanceKey {
    std::string model;
    int instance = 0;

    auto operator<=>(const InstanceKey&) const = default;
};

enum class LedgerState { Reserved, Committed, Releasing };

struct LedgerEntry {
    InstanceKey key;
    LedgerState state = LedgerState::Reserved;
    MemoryNeed estimate;  // what was predicted
    ByDevice measured;    // last seen; empty before the worker has any
    ByDevice peak;        // the most that was seen
    ByDevice atRelease;   // what it counted for when it was told to end
    std::int64_t pid = 0; // 0 before the worker runs

    // What the entry counts for. Reserved: the estimate, or more where the load took more already. Committed: what was
    // measured, and the estimate on a device that cannot tell. Releasing: as before, until all of it is back.
    [[nodiscard]] ByDevice held() const;
};

// One device, as planner and faces want it.
struct DeviceAccount {
    std::string device;
    std::string name;
    std::int64_t totalBytes = 0;
    std::int64_t availableBytes = 0; // the system's word
    std::int64_t budgetBytes = 0;    // as set
    std::int64_t effectiveBytes = 0; // as it is now: other programs may have taken their part
    std::int64_t reservedBytes = 0;
    std::int64_t committedBytes = 0; // releasing ones included
    std::int64_t othersBytes = 0;    // held by other programs

    [[nodiscard]] std::int64_t usedBytes() const { return reservedBytes + committedBytes; }
    // Never negative.
    [[nodiscard]] std::int64_t freeBytes() const;
};

class MemoryLedger {
public:
    struct Options {
        MemoryBudget host;
        MemoryBudget gpu; // for each GPU
    };

    // The probe outlives the ledger.
    MemoryLedger(Options options, MemoryProbe& probe);

    // InsufficientMemory with needed_bytes, free_bytes, budget_bytes and device where it does not fit;
    // DeviceUnavailable where the need names a device that the probe does not have. Reserving what is entered already
    // replaces it.
    Result<void> reserve(const InstanceKey& key, MemoryNeed estimate);
    // From now on refresh() asks the system about the worker.
    void attach(const InstanceKey& key, std::int64_t pid);
    // The instance is loaded: from here on it counts for what the system shows. InsufficientMemory (the entry stays
    // committed) where that is over the budget: unload it and say so.
    Result<void> commit(const InstanceKey& key);
    void releasing(const InstanceKey& key);
    // The system shows its memory free, or nothing was ever taken. Unknown keys are ignored.
    void release(const InstanceKey& key);

    // Asks the probe again: available memory, and what each attached worker holds. Call it every few seconds, before
    // planning and after a worker's end. True where a budget or an entry moved.
    bool refresh();

    // Other budgets: what is in memory stays there.
    void setOptions(Options options);

    [[nodiscard]] const std::vector<DeviceAccount>& devices() const { return m_devices; }
    [[nodiscard]] const LedgerEntry* find(const InstanceKey& key) const;
    // By key.
    [[nodiscard]] std::vector<LedgerEntry> entries() const;
    [[nodiscard]] v1::MemoryLedger toProto() const;

    // Called after each change of an entry or a budget, from within the call that caused it.
    void onChanged(std::function<void()> changed) { m_changed = std::move(changed); }

private:
    bool measure(LedgerEntry& entry);
    bool lookAgain();
    void recount();
    [[nodiscard]] const DeviceAccount* account(std::string_view device) const;
    void tellChanged() const;

    Options m_options;
    MemoryProbe& m_probe;
    std::vector<DeviceMemory> m_seen;
    std::vector<DeviceAccount> m_devices;
    std::map<InstanceKey, LedgerEntry> m_entries;
    std::function<void()> m_changed;
};

} // namespace mm::lifecycle
