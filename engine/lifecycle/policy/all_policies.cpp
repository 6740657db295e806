#include "engine/lifecycle/policy/eviction/cost_policy.h"
#include "engine/lifecycle/policy/eviction/lfu_policy.h"
#include "engine/lifecycle/policy/eviction/lru_policy.h"
#include "engine/lifecycle/policy/eviction_policy.h"

namespace mm::lifecycle {

void registerAllPolicies(EvictionPolicies& policies) {
    registerLru(policies);
    registerLfu(policies);
    registerCost(policies);
}

} // namespace mm::lifecycle
