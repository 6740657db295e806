#include "worker/runtime/transformer/group_plan.h"

#include <algorithm>

namespace mm::worker {

namespace {

// Enough rows to hide the reading of the weights, few enough for their states to stay in a core's second-level cache.
constexpr std::int32_t kTokensAlone = 192;
// Below this many tokens a thread would mostly wait for weights that the threads could have shared.
constexpr std::int32_t kFewestAlone = 48;
constexpr std::int32_t kTokensTogether = 256;
// How much longer than an equal share the slowest thread may take before working together is better.
constexpr double kTolerance = 1.2;

std::vector<SequenceGroup> cut(std::span<const std::int32_t> offsets, double target) {
    std::vector<SequenceGroup> groups;
    const auto sequences = static_cast<std::int32_t>(offsets.size()) - 1;
    for (std::int32_t i = 0; i < sequences; ++i) {
        const std::int32_t length = offsets[i + 1] - offsets[i];
        // A sequence joins the group while that brings the group nearer to its target.
        const bool joins = !groups.empty() && groups.back().tokens + length / 2.0 <= target;
        if (!joins)
            groups.push_back({i, i, 0});
        groups.back().last = i + 1;
        groups.back().tokens += length;
    }
    std::stable_sort(groups.begin(), groups.end(),
                     [](const SequenceGroup& a, const SequenceGroup& b) { return a.tokens > b.tokens; });
    return groups;
}

// Tokens of the busiest thread where free threads take the next group.
std::int64_t busiest(const std::vector<SequenceGroup>& groups, int threads) {
    std::vector<std::int64_t> load(static_cast<std::size_t>(threads));
    for (const SequenceGroup& group : groups)
        *std::min_element(load.begin(), load.end()) += group.tokens;
    return *std::max_element(load.begin(), load.end());
}

} // namespace

GroupPlan planGroups(std::span<const std::int32_t> offsets, int threads) {
    const std::int32_t total = offsets.back();
    const double share = static_cast<double>(total) / threads;
    if (threads == 1)
        return {false, cut(offsets, kTokensAlone)};
    const int rounds = std::max(1, static_cast<int>((share + kTokensAlone - 1) / kTokensAlone));
    GroupPlan plan{false, cut(offsets, share / rounds)};
    if (share < kFewestAlone || static_cast<double>(busiest(plan.groups, threads)) > kTolerance * share)
        plan = {true, cut(offsets, kTokensTogether)};
    return plan;
}

} // namespace mm::worker
