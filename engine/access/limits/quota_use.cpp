#include "engine/access/limits/quota_use.h"

#include <algorithm>

namespace mm::access {

double usedAt(const QuotaUse& use, WallTime now) {
    const double days = std::chrono::duration<double, std::ratio<86'400>>(now - use.at).count();
    return std::max(0.0, use.used - use.allowed * std::max(0.0, days));
}

} // namespace mm::access
