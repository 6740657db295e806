#include "engine/inference/queue/fair_share.h"

#include <algorithm>
#include <charconv>

namespace mm::inference {
namespace {

constexpr double kLightest = 0.01;
constexpr double kHeaviest = 1000;

Result<void> addWeight(std::string_view entry, ClientWeights& weights) {
    const std::string written(entry);
    const auto equals = entry.rfind('=');
    if (equals == std::string_view::npos || equals == 0)
        return invalidField("client-weights", "'" + written + "' is not NAME=WEIGHT, such as batch-import=0.5");
    const std::string_view number = entry.substr(equals + 1);
    double weight = 0;
    const auto [end, failure] = std::from_chars(number.data(), number.data() + number.size(), weight);
    if (failure != std::errc{} || end != number.data() + number.size() || !(weight >= kLightest) || weight > kHeaviest)
        return invalidField("client-weights", "the weight of '" + written + "' must be a number from 0.01 to 1000");
    if (!weights.emplace(entry.substr(0, equals), weight).second)
        return invalidField("client-weights", "'" + std::string(entry.substr(0, equals)) + "' is named twice");
    return {};
}

} // namespace

Result<ClientWeights> parseClientWeights(std::string_view text) {
    ClientWeights weights;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        MM_CHECK(addWeight(text.substr(0, comma), weights));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return weights;
}

void FairShare::join(Share& share) const {
    share.time = share.known ? std::max(share.time, m_now - m_credit) : m_now;
    share.known = true;
}

void FairShare::serve(Share& share) {
    share.time = std::max(share.time, m_now - m_credit);
    m_now = std::max(m_now, share.time);
}

} // namespace mm::inference
