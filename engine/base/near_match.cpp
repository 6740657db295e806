#include "engine/base/near_match.h"

#include <algorithm>
#include <numeric>

namespace mm {
namespace {

// Insertions, deletions, replacements and swaps of neighbours count one each.
std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1);
    std::vector<std::size_t> above(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(above.begin(), above.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({replaced, row[j - 1] + 1, above[j] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before.swap(above);
        above.swap(row);
    }
    return above[b.size()];
}

template <typename Text>
std::optional<std::string> nearest(std::string_view typed, const std::vector<Text>& candidates) {
    constexpr std::size_t kLongest = 128; // what is longer was not a slip of the keyboard
    if (typed.empty() || typed.size() > kLongest)
        return std::nullopt;
    std::optional<std::string> best;
    std::size_t bestDistance = std::max<std::size_t>(1, typed.size() / 3) + 1;
    for (const Text& candidate : candidates) {
        if (candidate.size() > kLongest)
            continue;
        const std::size_t distance = editDistance(typed, candidate);
        if (distance < bestDistance) {
            bestDistance = distance;
            best = candidate;
        }
    }
    return best;
}

} // namespace

std::optional<std::string> nearMatch(std::string_view typed, const std::vector<std::string>& candidates) {
    return nearest(typed, candidates);
}

std::optional<std::string> nearMatch(std::string_view typed, const std::vector<std::string_view>& candidates) {
    return nearest(typed, candidates);
}

std::string didYouMean(std::string_view typed, const std::vector<std::string>& candidates) {
    const auto near = nearMatch(typed, candidates);
    return near ? " Did you mean '" + *near + "'?" : std::string();
}

} // namespace mm
