#include "engine/lifecycle/policy/eviction_policy.h"

#include "engine/base/near_match.h"

namespace mm::lifecycle {

void EvictionPolicies::add(std::unique_ptr<EvictionPolicy> policy) {
    m_policies.push_back(std::move(policy));
}

Result<const EvictionPolicy*> EvictionPolicies::find(std::string_view name) const {
    for (const auto& policy : m_policies)
        if (policy->name() == name)
            return policy.get();
    std::string known;
    for (const std::string& each : names())
        known.append(known.empty() ? "" : ", ").append(each);
    return Error{ErrorCode::InvalidConfiguration,
                 "'" + std::string(name) + "' is no eviction policy; there are " + known + "." +
                     didYouMean(name, names()),
                 {{"eviction_policy", std::string(name)}}};
}

std::vector<std::string> EvictionPolicies::names() const {
    std::vector<std::string> all;
    for (const auto& policy : m_policies)
        all.emplace_back(policy->name());
    return all;
}

} // namespace mm::lifecycle
