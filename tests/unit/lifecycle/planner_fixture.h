// Snapshots for the tests of planner and policies, made from few words: a host with a budget, and instances that hold
// megabytes of it. Times are seconds of a clock that stands at kNow.
#pragma once

#include "engine/lifecycle/policy/load_planner.h"

#include <string>
#include <vector>

namespace mm::lifecycle::test {

inline constexpr std::int64_t kMB = 1'000'000;
inline const Instant kNow{std::chrono::seconds(1000)};

inline Instant secondsAgo(double seconds) {
    return kNow - std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

inline InstanceView held(const std::string& name, std::int64_t megabytes, double idleSeconds = 60) {
    InstanceView view;
    view.key = {name + "@1", 0};
    view.modelId = name;
    view.version = "1";
    view.bytes = {{kHostDevice, megabytes * kMB}};
    view.loadedAt = secondsAgo(600);
    view.lastUsedAt = secondsAgo(idleSeconds);
    return view;
}

inline InstanceView busy(InstanceView view, int leases = 1, v1::Priority with = v1::PRIORITY_NORMAL) {
    view.leases = leases;
    view.busyWith = with;
    return view;
}

inline InstanceView awaited(InstanceView view, double since, v1::Priority by = v1::PRIORITY_NORMAL) {
    view.awaited = Urgency{by, secondsAgo(since)};
    return view;
}

inline InstanceView pinned(InstanceView view) {
    view.pinned = true;
    return view;
}

inline InstanceView in(Holding holding, InstanceView view) {
    view.holding = holding;
    return view;
}

inline InstanceView young(InstanceView view, double loadedSecondsAgo) {
    view.loadedAt = secondsAgo(loadedSecondsAgo);
    return view;
}

// The host with a budget of so many megabytes; what the instances hold is counted as the ledger does.
inline Snapshot house(std::int64_t budgetMegabytes, std::vector<InstanceView> instances) {
    Snapshot snapshot;
    snapshot.now = kNow;
    snapshot.minimumStay = std::chrono::seconds(2);
    DeviceAccount host;
    host.device = kHostDevice;
    host.totalBytes = host.availableBytes = 2 * budgetMegabytes * kMB;
    host.budgetBytes = host.effectiveBytes = budgetMegabytes * kMB;
    for (const InstanceView& view : instances)
        (view.holding == Holding::Loading ? host.reservedBytes : host.committedBytes) +=
            bytesOn(view.bytes, kHostDevice);
    snapshot.devices = {host};
    snapshot.instances = std::move(instances);
    return snapshot;
}

inline WantedLoad wanted(const std::string& name, std::int64_t megabytes, Cause cause = Cause::Request,
                         double waitedSeconds = 0) {
    WantedLoad load;
    load.key = name + "@1";
    load.modelId = name;
    load.version = "1";
    load.need = {{kHostDevice, megabytes * kMB, 0, 0, EstimateSource::Files}};
    load.cause = cause;
    load.urgency = {v1::PRIORITY_NORMAL, secondsAgo(waitedSeconds)};
    load.loadMs = 400;
    return load;
}

inline const EvictionPolicy& policyNamed(std::string_view name) {
    static const EvictionPolicies policies = [] {
        EvictionPolicies all;
        registerAllPolicies(all);
        return all;
    }();
    return *policies.find(name).value();
}

inline LoadPlan plan(const Snapshot& snapshot, const WantedLoad& load, std::string_view policy = "lru") {
    return planLoad(snapshot, load, policyNamed(policy));
}

inline std::vector<std::string> evicted(const LoadPlan& plan) {
    std::vector<std::string> names;
    for (const PlannedEviction& eviction : plan.evictions)
        names.push_back(eviction.modelId);
    return names;
}

inline std::int64_t fact(const Error& error, const std::string& name) {
    const auto found = error.facts.find(name);
    return found == error.facts.end() ? -1 : std::get<std::int64_t>(found->second);
}

} // namespace mm::lifecycle::test
