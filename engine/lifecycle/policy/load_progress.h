// How far a whole load is, from the stage that the worker names and how far it is within it. Pure, any thread.
#pragma once

#include "modelmora/v1/management.pb.h"

#include <cstdint>
#include <string>

namespace mm::lifecycle {

// 0 to 100. A stage that is not known counts as no progress of its own: `before` comes back, and it never falls.
[[nodiscard]] double overallPercent(const std::string& stage, std::int64_t done, std::int64_t total, double before);

} // namespace mm::lifecycle
