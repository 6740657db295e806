#include "engine/lifecycle/policy/eviction/lfu_policy.h"

#include "engine/lifecycle/policy/wording.h"

namespace mm::lifecycle {
namespace {

class LfuPolicy final : public EvictionPolicy {
public:
    [[nodiscard]] std::string_view name() const override { return "lfu"; }
    [[nodiscard]] EvictionRank rank(const InstanceView& instance, Instant now) const override {
        // Age only decides between equals: a day of it weighs less than a hundredth of a use.
        constexpr double kPerMillisecond = 1e-10;
        const double idle = toMilliseconds(now - instance.lastUsedAt);
        return {instance.uses - kPerMillisecond * idle,
                "used " + inTimes(instance.uses) + " lately, last " + inSeconds(now - instance.lastUsedAt) + " ago"};
    }
};

} // namespace

void registerLfu(EvictionPolicies& policies) {
    policies.add(std::make_unique<LfuPolicy>());
}

} // namespace mm::lifecycle
