// QuotaUse: what a key has used of its quota of compute a day, as it outlives the engine. Shorter limits do not: they
// are full again before anybody could make something of a restart. Plain value.
#pragma once

#include "engine/base/clock.h"

#include <string>

namespace mm::access {

struct QuotaUse {
    std::string name; // of the key
    double allowed = 0;
    double used = 0; // more than allowed: a debt
    WallTime at;
};

// What of it still counts. Time that seems to have gone back gives nothing back. Pure.
[[nodiscard]] double usedAt(const QuotaUse& use, WallTime now);

} // namespace mm::access
