// EvictionPolicy: who goes first when room is needed. Ranks one instance at a time, so that an order is a sort by
// score; what may not go at all is the planner's business. Pure and stateless: any thread. EvictionPolicies knows the
// variants by name; all_policies.cpp lists them.
#pragma once

#include "engine/base/result.h"
#include "engine/lifecycle/policy/snapshot.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mm::lifecycle {

struct EvictionRank {
    double score = 0;   // the lowest goes first; equal ones by key
    std::string reason; // "unused for 34 s, the longest of all"
};

class EvictionPolicy {
public:
    virtual ~EvictionPolicy() = default;
    [[nodiscard]] virtual std::string_view name() const = 0;
    [[nodiscard]] virtual EvictionRank rank(const InstanceView& instance, Instant now) const = 0;
};

class EvictionPolicies {
public:
    void add(std::unique_ptr<EvictionPolicy> policy);
    // InvalidConfiguration naming those that there are.
    [[nodiscard]] Result<const EvictionPolicy*> find(std::string_view name) const;
    // In the order of their registration; the first is the default.
    [[nodiscard]] std::vector<std::string> names() const;

private:
    std::vector<std::unique_ptr<EvictionPolicy>> m_policies;
};

void registerAllPolicies(EvictionPolicies& policies);

} // namespace mm::lifecycle
