// The instance that is used least, lately, goes first; of equals the one that was used longest ago. Pure, any thread.
#pragma once

#include "engine/lifecycle/policy/eviction_policy.h"

namespace mm::lifecycle {

void registerLfu(EvictionPolicies& policies);

} // namespace mm::lifecycle
