// EvictionChoice: which instances make room for a wanted load, in which order, and why the others stay. The planner's
// inner part: it knows what may go, the EvictionPolicy who goes first. Pure, any thread.
#pragma once

#include "engine/lifecycle/policy/load_planner.h"

#include <functional>
#include <optional>
#include <vector>

namespace mm::lifecycle {

// What remains to be found on each device, and how many models must go for the limit on loaded models.
struct Lack {
    ByDevice bytes; // only devices that lack some
    int models = 0;

    [[nodiscard]] bool none() const { return bytes.empty() && models <= 0; }
};

struct EvictionChoice {
    bool enough = false;                    // with all of `evictions` gone there is room
    std::vector<PlannedEviction> evictions; // as few as do; empty where even all would not
    std::vector<PlannedStay> stays;         // what may not go
    std::vector<std::string> busy;          // of those, the ones that time will free, by model
    std::optional<Instant> changesAt;       // when something that stays may go by time alone
};

// May any instance of this key be among the evictions? Never the wanted model's own.
[[nodiscard]] EvictionChoice chooseEvictions(const Snapshot& snapshot, const WantedLoad& wanted, const Lack& lack,
                                             const EvictionPolicy& policy);

// All that may go for a request of normal priority that comes now, whatever it needs, and all that may not.
[[nodiscard]] EvictionChoice orderEvictions(const Snapshot& snapshot, const EvictionPolicy& policy);

} // namespace mm::lifecycle
