#include "engine/lifecycle/policy/eviction_choice.h"

#include "engine/ipc/names.h"
#include "engine/lifecycle/policy/wording.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace mm::lifecycle {
namespace {

// Whether an instance may go, and in which round: idle ones before those that are in use.
struct Standing {
    enum Kind { Idle, InUse, Stays } kind = Stays;
    std::string reason; // why it stays, or what is still to end
    std::optional<Instant> changesAt;
    bool timeFreesIt = false;
};

struct Candidate {
    const InstanceView* instance;
    bool busy;
    EvictionRank rank;
    std::string after; // "after 2 requests that run on it"
};

// The wish goes before what is there, by priority or by having waited the minimum stay longer.
bool outranks(const Urgency& wish, const Urgency& there, std::chrono::milliseconds minimumStay) {
    if (wish.priority != there.priority)
        return wish.priority > there.priority;
    return wish.since + minimumStay <= there.since;
}

// An operator's force goes before every request that is not critical.
Urgency strength(const WantedLoad& wanted) {
    return wanted.cause == Cause::Request ? wanted.urgency : Urgency{v1::PRIORITY_CRITICAL, wanted.urgency.since};
}

Standing standingInUse(const InstanceView& instance, const Snapshot& snapshot, const WantedLoad& wanted) {
    const Urgency wish = strength(wanted);
    if (instance.awaited && !outranks(wish, *instance.awaited, snapshot.minimumStay))
        return {Standing::Stays,
                "awaited for " + inSeconds(snapshot.now - instance.awaited->since) + " by a request of priority " +
                    std::string(priorityName(instance.awaited->priority)),
                std::nullopt, true};
    if (instance.leases == 0)
        return {Standing::InUse, "", std::nullopt, true};
    const std::string running = counted(instance.leases, "request");
    const bool forced = wanted.cause != Cause::Request;
    if (!forced && !outranks(wish, {instance.busyWith, snapshot.now}, snapshot.minimumStay))
        return {Standing::Stays, "busy with " + running,
                wish.priority == instance.busyWith ? std::optional(wish.since + snapshot.minimumStay) : std::nullopt,
                true};
    return {Standing::InUse, "when " + running + (instance.leases == 1 ? " has ended" : " have ended"), std::nullopt,
            true};
}

Standing standingOf(const InstanceView& instance, const Snapshot& snapshot, const WantedLoad& wanted) {
    if (instance.pinned)
        return {Standing::Stays, "pinned", std::nullopt, false};
    if (instance.holding == Holding::Loading)
        return {Standing::Stays, "being loaded", std::nullopt, true};
    const bool inUse = instance.leases > 0 || instance.awaited.has_value();
    Standing standing = inUse ? standingInUse(instance, snapshot, wanted) : Standing{Standing::Idle, "", {}, true};
    const Instant stayedAt = instance.loadedAt + snapshot.minimumStay;
    if (standing.kind == Standing::Stays || wanted.cause != Cause::Request || stayedAt <= snapshot.now)
        return standing;
    // Too young to go, unless what it serves is of a lower priority than the wish.
    const bool lower = (instance.leases == 0 || wanted.urgency.priority > instance.busyWith) &&
                       (!instance.awaited || wanted.urgency.priority > instance.awaited->priority);
    if (inUse && lower)
        return standing;
    return {Standing::Stays,
            "loaded " + inSeconds(snapshot.now - instance.loadedAt) + " ago and stays at least " +
                inSeconds(snapshot.minimumStay),
            stayedAt, true};
}

// How many models are gone when these instances are.
int modelsGone(const Snapshot& snapshot, const std::vector<const Candidate*>& going) {
    std::map<std::string, int> left;
    for (const InstanceView& instance : snapshot.instances)
        if (instance.holding != Holding::Releasing)
            ++left[instance.key.model];
    for (const Candidate* candidate : going)
        --left[candidate->instance->key.model];
    return static_cast<int>(std::count_if(left.begin(), left.end(), [](const auto& each) { return each.second == 0; }));
}

Lack lackAfter(const Snapshot& snapshot, const Lack& lack, const std::vector<const Candidate*>& going) {
    ByDevice freed;
    for (const Candidate* candidate : going)
        addTo(freed, candidate->instance->bytes);
    Lack left;
    for (const DeviceBytes& line : lack.bytes)
        if (const std::int64_t more = line.bytes - bytesOn(freed, line.device); more > 0)
            left.bytes.push_back({line.device, more});
    left.models = std::max(0, lack.models - (lack.models > 0 ? modelsGone(snapshot, going) : 0));
    return left;
}

bool helps(const Candidate& candidate, const Lack& lack) {
    return lack.models > 0 || std::any_of(lack.bytes.begin(), lack.bytes.end(), [&](const DeviceBytes& line) {
               return bytesOn(candidate.instance->bytes, line.device) > 0;
           });
}

// In their order until there is room, then without those that turned out not to be needed, the most valuable first.
std::vector<const Candidate*> fewestThatDo(const Snapshot& snapshot, const Lack& lack,
                                           const std::vector<Candidate>& candidates) {
    std::vector<const Candidate*> going;
    for (const Candidate& candidate : candidates) {
        const Lack left = lackAfter(snapshot, lack, going);
        if (left.none())
            break;
        if (helps(candidate, left))
            going.push_back(&candidate);
    }
    for (std::size_t i = going.size(); i-- > 0;) {
        std::vector<const Candidate*> without = going;
        without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
        if (lackAfter(snapshot, lack, without).none())
            going = std::move(without);
    }
    return going;
}

PlannedEviction evictionOf(const Candidate& candidate) {
    const InstanceView& instance = *candidate.instance;
    PlannedEviction eviction{instance.key,   instance.modelId,      instance.version,     instance.bytes,
                             candidate.busy, candidate.rank.reason, instance.lastUsedWall};
    if (!candidate.after.empty())
        eviction.reason.append("; it goes ").append(candidate.after);
    return eviction;
}

// Those that may go, the first first; the others are noted in the choice.
std::vector<Candidate> sift(const Snapshot& snapshot, const WantedLoad& wanted, const EvictionPolicy& policy,
                            EvictionChoice& choice) {
    std::vector<Candidate> candidates;
    for (const InstanceView& instance : snapshot.instances) {
        if (instance.holding == Holding::Releasing || instance.key.model == wanted.key)
            continue;
        const Standing standing = standingOf(instance, snapshot, wanted);
        if (standing.kind != Standing::Stays) {
            candidates.push_back(
                {&instance, standing.kind == Standing::InUse, policy.rank(instance, snapshot.now), standing.reason});
            continue;
        }
        choice.stays.push_back({instance.key, instance.modelId, instance.version, standing.reason});
        if (standing.timeFreesIt)
            choice.busy.push_back(instance.key.model);
        if (standing.changesAt && *standing.changesAt > snapshot.now)
            choice.changesAt = std::min(*standing.changesAt, choice.changesAt.value_or(*standing.changesAt));
    }
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return std::tie(a.busy, a.rank.score, a.instance->key) < std::tie(b.busy, b.rank.score, b.instance->key);
    });
    return candidates;
}

} // namespace

EvictionChoice chooseEvictions(const Snapshot& snapshot, const WantedLoad& wanted, const Lack& lack,
                               const EvictionPolicy& policy) {
    EvictionChoice choice;
    const std::vector<Candidate> candidates = sift(snapshot, wanted, policy, choice);
    const auto going = fewestThatDo(snapshot, lack, candidates);
    choice.enough = lackAfter(snapshot, lack, going).none();
    if (choice.enough)
        for (const Candidate* candidate : going)
            choice.evictions.push_back(evictionOf(*candidate));
    return choice;
}

EvictionChoice orderEvictions(const Snapshot& snapshot, const EvictionPolicy& policy) {
    EvictionChoice choice;
    WantedLoad anything;
    anything.urgency = {v1::PRIORITY_NORMAL, snapshot.now};
    for (const Candidate& candidate : sift(snapshot, anything, policy, choice))
        choice.evictions.push_back(evictionOf(candidate));
    return choice;
}

} // namespace mm::lifecycle
