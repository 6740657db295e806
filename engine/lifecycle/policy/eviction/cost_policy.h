// The instance whose loss costs least goes first: what reloading takes × the chance that it is wanted again ÷ the bytes
// that it frees. Pure, any thread.
#pragma once

#include "engine/lifecycle/policy/eviction_policy.h"

namespace mm::lifecycle {

void registerCost(EvictionPolicies& policies);

} // namespace mm::lifecycle
