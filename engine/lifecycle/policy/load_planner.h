// LoadPlanner: decides what a load does, from a snapshot alone: nothing, load now, evict and then load, wait, or refuse
// with the numbers. The same call answers `plan` (with Cause::Forced: what force would do) and drives the
// LifecycleManager, which acts on it and, after each release, plans again. Pure: the same snapshot, the same plan.
#pragma once

#include "engine/base/result.h"
#include "engine/lifecycle/policy/eviction_policy.h"
#include "engine/lifecycle/policy/snapshot.h"

#include <optional>
#include <string>
#include <vector>

namespace mm::lifecycle {

enum class Verdict {
    AlreadyLoaded, // as many instances as wanted are loaded or being loaded
    LoadNow,       // it fits beside what is there
    EvictThenLoad, // drain `evictions` in order; a busy one ends when its leases do
    Wait,          // nothing to evict now; plan again at `planAgainAt` and whenever something is released
    Refuse,        // `refusal` says why, with the numbers
};

struct PlannedEviction {
    InstanceKey key;
    std::string modelId;
    std::string version;
    ByDevice freed;
    bool busy = false; // requests run on it: no new ones, and it goes when they end
    std::string reason;
    std::optional<WallTime> lastUsedAt;
};

struct PlannedStay {
    InstanceKey key;
    std::string modelId;
    std::string version;
    std::string reason;
};

// One device's numbers for all instances that are to be loaded.
struct DeviceFigures {
    MemoryEstimate estimate; // of one instance
    std::int64_t neededBytes = 0;
    std::int64_t freeBytes = 0;   // nothing evicted, promises to others taken off
    std::int64_t budgetBytes = 0; // the effective one
    std::int64_t pinnedBytes = 0;
};

struct LoadPlan {
    std::string modelId;
    std::string version;
    Verdict verdict = Verdict::Refuse;
    int toLoad = 0; // instances
    std::vector<PlannedEviction> evictions;
    std::vector<PlannedStay> stays;
    std::vector<DeviceFigures> devices;
    std::string explanation; // one or two sentences: the reason that the model's status and the waiting request show
    double expectedMs = 0;   // evictions included; 0 where nothing was measured
    std::optional<Instant> planAgainAt; // with Wait: when time alone may change the verdict
    std::optional<Error> refusal;       // InsufficientMemory, DeviceUnavailable
};

[[nodiscard]] LoadPlan planLoad(const Snapshot& snapshot, const WantedLoad& wanted, const EvictionPolicy& policy);

v1::LoadPlan toProto(const LoadPlan& plan);
v1::PlannedEviction toProto(const PlannedEviction& planned);
v1::PlannedStay toProto(const PlannedStay& planned);

} // namespace mm::lifecycle
