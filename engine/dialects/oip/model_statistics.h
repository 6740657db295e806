// What models have done since the engine's start, in the terms of the protocol's statistics extension. Any thread; the
// reply comes on the engine thread.
#pragma once

#include "engine/service/services.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mm::dialects::oip {

struct ModelStatistics {
    std::string name;
    std::string version;
    std::uint64_t lastInferenceMs = 0; // since 1970; 0: never
    std::uint64_t inferences = 0;      // inputs
    std::uint64_t executions = 0;      // batches
    std::uint64_t requests = 0;        // answered
    // Of all those requests together.
    std::uint64_t queueNs = 0;
    std::uint64_t computeNs = 0;
};

// Of one model (fails as the registry does for an unknown one), or of all that were asked anything where `id` is empty.
void modelStatistics(const service::Services& services, const std::string& id,
                     Reply<std::vector<ModelStatistics>> reply);

} // namespace mm::dialects::oip
