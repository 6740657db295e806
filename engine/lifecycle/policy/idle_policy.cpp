#include "engine/lifecycle/policy/idle_policy.h"

#include "engine/lifecycle/policy/wording.h"

#include <algorithm>

namespace mm::lifecycle {

std::optional<Instant> idleUnloadAt(const IdleView& view, const IdleOptions& options) {
    const InstanceView& instance = view.instance;
    if (instance.holding != Holding::Loaded || instance.pinned || instance.leases > 0 || instance.awaited)
        return std::nullopt;
    if (!view.keepAlive && options.idleUnload.count() == 0)
        return std::nullopt;
    const KeepAlive stay = view.keepAlive.value_or(options.idleUnload);
    if (stay.count() < 0)
        return std::nullopt;
    // A keep-alive of 0 ends a model after its use, not before it.
    if (stay.count() == 0 && instance.lastUsedAt > instance.loadedAt)
        return instance.lastUsedAt;
    return std::max(instance.lastUsedAt + stay, instance.loadedAt + options.minimumStay);
}

IdleDecision decideIdle(const std::vector<IdleView>& views, const IdleOptions& options, Instant now) {
    struct Due {
        Instant at;
        const IdleView* view;
    };
    std::vector<Due> due;
    IdleDecision decision;
    for (const IdleView& view : views) {
        const auto at = idleUnloadAt(view, options);
        if (!at)
            continue;
        if (*at <= now)
            due.push_back({*at, &view});
        else
            decision.decideAgainAt = std::min(*at, decision.decideAgainAt.value_or(*at));
    }
    std::sort(due.begin(), due.end(), [](const Due& a, const Due& b) {
        const InstanceView& one = a.view->instance;
        const InstanceView& other = b.view->instance;
        return one.lastUsedAt != other.lastUsedAt ? one.lastUsedAt < other.lastUsedAt : one.key < other.key;
    });
    for (const Due& each : due) {
        const bool atOnce = each.view->keepAlive && each.view->keepAlive->count() == 0;
        decision.unloads.push_back(
            {each.view->instance.key, atOnce ? std::string("its last request asked for that")
                                             : "not used for " + inSeconds(now - each.view->instance.lastUsedAt)});
    }
    return decision;
}

} // namespace mm::lifecycle
