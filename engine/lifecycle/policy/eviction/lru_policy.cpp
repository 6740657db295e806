#include "engine/lifecycle/policy/eviction/lru_policy.h"

#include "engine/lifecycle/policy/wording.h"

namespace mm::lifecycle {
namespace {

class LruPolicy final : public EvictionPolicy {
public:
    [[nodiscard]] std::string_view name() const override { return "lru"; }
    [[nodiscard]] EvictionRank rank(const InstanceView& instance, Instant now) const override {
        return {-toMilliseconds(now - instance.lastUsedAt), "not used for " + inSeconds(now - instance.lastUsedAt)};
    }
};

} // namespace

void registerLru(EvictionPolicies& policies) {
    policies.add(std::make_unique<LruPolicy>());
}

} // namespace mm::lifecycle
