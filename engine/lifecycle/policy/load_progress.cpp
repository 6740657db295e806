#include "engine/lifecycle/policy/load_progress.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace mm::lifecycle {
namespace {

struct Share {
    std::string_view stage;
    double from;
    double to;
};

// Roughly where the time of a load goes; the order is that of the stages.
constexpr std::array<Share, 6> kShares{{
    {"spawn", 0, 10},
    {"files", 10, 15},
    {"weights", 15, 45},
    {"prepare", 45, 75},
    {"tokenizer", 75, 85},
    {"warmup", 85, 100},
}};

} // namespace

double overallPercent(const std::string& stage, std::int64_t done, std::int64_t total, double before) {
    const auto* share =
        std::find_if(kShares.begin(), kShares.end(), [&](const Share& each) { return each.stage == stage; });
    if (share == kShares.end())
        return before;
    const double part = total > 0 ? std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0) : 0.0;
    return std::max(before, share->from + part * (share->to - share->from));
}

} // namespace mm::lifecycle
