// The instance that was used longest ago goes first. Pure, any thread.
#pragma once

#include "engine/lifecycle/policy/eviction_policy.h"

namespace mm::lifecycle {

void registerLru(EvictionPolicies& policies);

} // namespace mm::lifecycle
