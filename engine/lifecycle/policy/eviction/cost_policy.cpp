#include "engine/lifecycle/policy/eviction/cost_policy.h"

#include "engine/lifecycle/policy/wording.h"

#include <algorithm>
#include <cmath>

namespace mm::lifecycle {
namespace {

// Where no load was measured: as if a gigabyte took a second.
constexpr double kMillisecondsPerByte = 1e-6;

class CostPolicy final : public EvictionPolicy {
public:
    [[nodiscard]] std::string_view name() const override { return "cost"; }
    [[nodiscard]] EvictionRank rank(const InstanceView& instance, Instant) const override {
        double bytes = 1;
        for (const DeviceBytes& line : instance.bytes)
            bytes += static_cast<double>(std::max<std::int64_t>(0, line.bytes));
        const double reload = instance.reloadMs > 0 ? instance.reloadMs : bytes * kMillisecondsPerByte;
        const double chance = 1 - std::exp(-std::max(0.0, instance.uses));
        return {reload * chance / bytes, "loading it again takes " + inMilliseconds(reload) + ", it was used " +
                                             inTimes(instance.uses) + " lately and frees " +
                                             inMegabytes(static_cast<std::int64_t>(bytes))};
    }
};

} // namespace

void registerCost(EvictionPolicies& policies) {
    policies.add(std::make_unique<CostPolicy>());
}

} // namespace mm::lifecycle
