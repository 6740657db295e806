#include "engine/lifecycle/policy/load_planner.h"

#include "engine/lifecycle/policy/eviction_choice.h"
#include "engine/lifecycle/policy/wording.h"

#include <algorithm>
#include <set>

namespace mm::lifecycle {
namespace {

// What ending one worker takes, as far as an expected time goes.
constexpr double kUnloadMs = 150;

// The plan as it grows, with what all its parts look at.
struct Draft {
    const Snapshot& snapshot;
    const WantedLoad& wanted;
    const EvictionPolicy& policy;
    LoadPlan plan;
    ByDevice coming;     // given back by workers that are ending
    Lack lack;           // now
    Lack lackWithComing; // once that has come
};

const DeviceAccount* accountOf(const Snapshot& snapshot, const std::string& device) {
    const auto found = std::find_if(snapshot.devices.begin(), snapshot.devices.end(),
                                    [&](const DeviceAccount& account) { return account.device == device; });
    return found == snapshot.devices.end() ? nullptr : &*found;
}

int present(const Snapshot& snapshot, const std::string& key, std::optional<Holding> only = std::nullopt) {
    return static_cast<int>(
        std::count_if(snapshot.instances.begin(), snapshot.instances.end(), [&](const InstanceView& instance) {
            return instance.key.model == key &&
                   (only ? instance.holding == *only : instance.holding != Holding::Releasing);
        }));
}

std::set<std::string> modelsThere(const Snapshot& snapshot, bool pinnedOnly) {
    std::set<std::string> keys;
    for (const InstanceView& instance : snapshot.instances)
        if (instance.holding != Holding::Releasing && (!pinnedOnly || instance.pinned))
            keys.insert(instance.key.model);
    return keys;
}

ByDevice sumOf(const Snapshot& snapshot, const auto& which) {
    ByDevice sum;
    for (const InstanceView& instance : snapshot.instances)
        if (which(instance))
            addTo(sum, instance.bytes);
    return sum;
}

LoadPlan refuse(Draft& draft, Error error) {
    draft.plan.verdict = Verdict::Refuse;
    draft.plan.explanation = error.message;
    draft.plan.refusal = std::move(error);
    return std::move(draft.plan);
}

LoadPlan conclude(Draft& draft, Verdict verdict, std::string explanation) {
    draft.plan.verdict = verdict;
    draft.plan.explanation = std::move(explanation);
    if (verdict == Verdict::Wait)
        draft.plan.expectedMs = 0;
    return std::move(draft.plan);
}

// The device that lacks most; the first one where none does.
const DeviceFigures& tightest(const LoadPlan& plan) {
    return *std::max_element(plan.devices.begin(), plan.devices.end(),
                             [](const DeviceFigures& a, const DeviceFigures& b) {
                                 return a.neededBytes - a.freeBytes < b.neededBytes - b.freeBytes;
                             });
}

std::string needed(const DeviceFigures& figures) {
    return inMegabytes(figures.neededBytes) + " on " + figures.estimate.device;
}

std::string numbers(const DeviceFigures& figures) {
    return inMegabytes(figures.freeBytes) + " of " + inMegabytes(figures.budgetBytes) + " are free";
}

Error insufficient(const DeviceFigures& figures, std::string message) {
    return {ErrorCode::InsufficientMemory,
            std::move(message),
            {{"device", figures.estimate.device},
             {"needed_bytes", figures.neededBytes},
             {"free_bytes", figures.freeBytes},
             {"budget_bytes", figures.budgetBytes},
             {"pinned_bytes", figures.pinnedBytes}}};
}

// The numbers of each device that the load needs. False where there is no such device.
bool count(Draft& draft) {
    const Snapshot& snapshot = draft.snapshot;
    const ByDevice pinned = sumOf(snapshot, [](const auto& i) { return i.pinned && i.holding != Holding::Releasing; });
    draft.coming = sumOf(snapshot, [](const auto& i) { return i.holding == Holding::Releasing; });
    for (const MemoryEstimate& estimate : draft.wanted.need) {
        const DeviceAccount* account = accountOf(snapshot, estimate.device);
        if (account == nullptr)
            return false;
        DeviceFigures figures;
        figures.estimate = estimate;
        figures.neededBytes = estimate.total() * draft.plan.toLoad;
        const std::int64_t free =
            account->effectiveBytes - account->usedBytes() - bytesOn(snapshot.promised, estimate.device);
        figures.freeBytes = std::max<std::int64_t>(0, free);
        figures.budgetBytes = account->effectiveBytes;
        figures.pinnedBytes = bytesOn(pinned, estimate.device);
        draft.plan.devices.push_back(figures);
        if (figures.neededBytes > free)
            draft.lack.bytes.push_back({estimate.device, figures.neededBytes - free});
        if (const std::int64_t later = free + bytesOn(draft.coming, estimate.device); figures.neededBytes > later)
            draft.lackWithComing.bytes.push_back({estimate.device, figures.neededBytes - later});
    }
    if (snapshot.maxLoadedModels > 0 && present(snapshot, draft.wanted.key) == 0) {
        const int there = static_cast<int>(modelsThere(snapshot, false).size());
        draft.lack.models = draft.lackWithComing.models = std::max(0, there + 1 - snapshot.maxLoadedModels);
    }
    return true;
}

std::optional<Error> neverFits(const Draft& draft) {
    for (const DeviceFigures& figures : draft.plan.devices)
        if (figures.neededBytes > figures.budgetBytes - figures.pinnedBytes)
            return insufficient(figures,
                                draft.wanted.key + " can never fit: it needs " + needed(figures) + ", and of the " +
                                    inMegabytes(figures.budgetBytes) + " that may be used, " +
                                    inMegabytes(figures.pinnedBytes) +
                                    " are pinned. Raise the memory budget, unpin a model, or choose a smaller dtype.");
    const int limit = draft.snapshot.maxLoadedModels;
    const auto pinned = modelsThere(draft.snapshot, true);
    if (draft.lack.models > 0 && static_cast<int>(pinned.size()) >= limit) {
        Error error = insufficient(tightest(draft.plan), draft.wanted.key + " can never be loaded: at most " +
                                                             counted(limit, "model") + " may be loaded, and " +
                                                             std::to_string(pinned.size()) +
                                                             " are pinned. Unpin one, or raise max-loaded-models.");
        error.facts["max_loaded_models"] = std::int64_t{limit};
        return error;
    }
    return std::nullopt;
}

// "512 MB on cpu", or the place that is missing where memory is not.
std::string lackInWords(const Draft& draft) {
    if (draft.lack.bytes.empty())
        return "a place among the " + counted(draft.snapshot.maxLoadedModels, "model") + " that may be loaded";
    return needed(tightest(draft.plan));
}

// ", but 20 MB of 1000 MB are free", where it is memory that is missing.
std::string freeInWords(const Draft& draft, const char* link) {
    return draft.lack.bytes.empty() ? std::string() : link + numbers(tightest(draft.plan));
}

std::string evictionsInWords(const std::vector<PlannedEviction>& evictions) {
    std::vector<std::string> each;
    each.reserve(evictions.size());
    for (const PlannedEviction& eviction : evictions)
        each.push_back(eviction.key.model + " (" + eviction.reason + ")");
    return enumerated(each) + (each.size() == 1 ? " goes" : " go");
}

LoadPlan alreadyThere(Draft& draft) {
    const WantedLoad& wanted = draft.wanted;
    draft.plan.expectedMs = 0;
    if (present(draft.snapshot, wanted.key, Holding::Loading) > 0)
        return conclude(draft, Verdict::AlreadyLoaded, wanted.key + " is being loaded already.");
    return conclude(draft, Verdict::AlreadyLoaded, wanted.key + " is loaded.");
}

LoadPlan waitForReleases(Draft& draft) {
    std::set<std::string> ending;
    for (const InstanceView& instance : draft.snapshot.instances)
        if (instance.holding == Holding::Releasing)
            ending.insert(instance.key.model);
    return conclude(draft, Verdict::Wait,
                    "waits for " + lackInWords(draft) + ": " + enumerated({ending.begin(), ending.end()}) +
                        (ending.size() == 1 ? " is" : " are") + " giving memory back");
}

LoadPlan waitForOthers(Draft& draft, const EvictionChoice& choice) {
    draft.plan.planAgainAt = choice.changesAt;
    const std::set<std::string> busy(choice.busy.begin(), choice.busy.end());
    std::string text = "waits for " + lackInWords(draft) + freeInWords(draft, "; ");
    if (busy.size() == 1)
        text += ", and " + *busy.begin() + " stays for now: " +
                std::find_if(choice.stays.begin(), choice.stays.end(), [&](const PlannedStay& stay) {
                    return stay.key.model == *busy.begin();
                })->reason;
    else if (!busy.empty())
        text += ", and " + enumerated({busy.begin(), busy.end()}) + " are busy";
    else if (!draft.snapshot.promised.empty())
        text += ", the rest is promised to requests that go first";
    return conclude(draft, Verdict::Wait, std::move(text));
}

LoadPlan notNow(Draft& draft, const EvictionChoice& choice) {
    std::vector<std::string> reasons;
    reasons.reserve(choice.stays.size());
    for (const PlannedStay& stay : choice.stays)
        reasons.push_back(stay.key.model + " (" + stay.reason + ")");
    const std::string others = reasons.empty() ? "" : " These stay: " + enumerated(reasons) + ".";
    return refuse(draft, insufficient(tightest(draft.plan),
                                      draft.wanted.key + " needs " + lackInWords(draft) + freeInWords(draft, ", but ") +
                                          ", and nothing that may go makes enough room." + others));
}

// Without force: what force would do, and that it has to be asked for.
LoadPlan needsForce(Draft& draft) {
    std::vector<std::string> names;
    names.reserve(draft.plan.evictions.size());
    for (const PlannedEviction& eviction : draft.plan.evictions)
        names.push_back(eviction.key.model);
    Error error = insufficient(tightest(draft.plan), draft.wanted.key + " needs " + lackInWords(draft) +
                                                         freeInWords(draft, ", but ") + ". Pass force to evict " +
                                                         enumerated(names) + ", or unload something first.");
    error.facts["evictions"] = names;
    return refuse(draft, std::move(error));
}

LoadPlan evict(Draft& draft, EvictionChoice choice) {
    draft.plan.evictions = std::move(choice.evictions);
    if (draft.wanted.cause == Cause::Operator)
        return needsForce(draft);
    if (draft.plan.expectedMs > 0)
        draft.plan.expectedMs += kUnloadMs * static_cast<double>(draft.plan.evictions.size());
    return conclude(draft, Verdict::EvictThenLoad,
                    draft.wanted.key + " needs " + lackInWords(draft) + freeInWords(draft, "; ") + ", so " +
                        evictionsInWords(draft.plan.evictions) + " first.");
}

} // namespace

LoadPlan planLoad(const Snapshot& snapshot, const WantedLoad& wanted, const EvictionPolicy& policy) {
    Draft draft{snapshot, wanted, policy, {}, {}, {}, {}};
    draft.plan.modelId = wanted.modelId;
    draft.plan.version = wanted.version;
    draft.plan.expectedMs = wanted.loadMs;
    draft.plan.toLoad = std::max(0, wanted.instances - present(snapshot, wanted.key));
    if (wanted.need.empty())
        return refuse(draft, {ErrorCode::InternalError, wanted.key + " is to be planned without an estimate"});
    if (!count(draft))
        return refuse(draft, {ErrorCode::DeviceUnavailable,
                              wanted.key + " is to use a device that this machine does not show. Set its device to "
                                           "'cpu' or 'auto'.",
                              {{"model_id", wanted.key}}});
    if (draft.plan.toLoad == 0)
        return alreadyThere(draft);
    if (auto never = neverFits(draft))
        return refuse(draft, std::move(*never));
    if (draft.lack.none())
        return conclude(draft, Verdict::LoadNow,
                        wanted.key + " fits: it needs " + needed(tightest(draft.plan)) + ", and " +
                            numbers(tightest(draft.plan)) + ".");
    EvictionChoice choice = chooseEvictions(snapshot, wanted, draft.lackWithComing, policy);
    draft.plan.stays = choice.stays;
    if (draft.lackWithComing.none())
        return waitForReleases(draft);
    if (choice.enough)
        return evict(draft, std::move(choice));
    return wanted.cause == Cause::Request ? waitForOthers(draft, choice) : notNow(draft, choice);
}

v1::PlannedEviction toProto(const PlannedEviction& planned) {
    v1::PlannedEviction eviction;
    eviction.set_model_id(planned.modelId);
    eviction.set_version(planned.version);
    for (const DeviceBytes& line : planned.freed)
        eviction.set_freed_bytes(eviction.freed_bytes() + line.bytes);
    eviction.set_reason(planned.reason);
    if (planned.lastUsedAt) {
        const auto time = std::chrono::duration_cast<std::chrono::milliseconds>(planned.lastUsedAt->time_since_epoch());
        eviction.mutable_last_used_at()->set_seconds(time.count() / 1000);
        eviction.mutable_last_used_at()->set_nanos(static_cast<std::int32_t>(time.count() % 1000) * 1'000'000);
    }
    return eviction;
}

v1::PlannedStay toProto(const PlannedStay& planned) {
    v1::PlannedStay stay;
    stay.set_model_id(planned.modelId);
    stay.set_version(planned.version);
    stay.set_reason(planned.reason);
    return stay;
}

v1::LoadPlan toProto(const LoadPlan& plan) {
    v1::LoadPlan message;
    message.set_model_id(plan.modelId);
    message.set_version(plan.version);
    message.set_already_loaded(plan.verdict == Verdict::AlreadyLoaded);
    message.set_fits(plan.verdict == Verdict::LoadNow || plan.verdict == Verdict::AlreadyLoaded);
    message.set_possible(message.fits() || plan.verdict == Verdict::Wait || !plan.evictions.empty());
    message.set_explanation(plan.explanation);
    message.set_expected_ms(plan.expectedMs);
    for (const DeviceFigures& figures : plan.devices) {
        v1::DeviceNeed& device = *message.add_devices();
        device.set_device(figures.estimate.device);
        device.set_needed_bytes(figures.neededBytes);
        device.set_free_bytes(figures.freeBytes);
        device.set_budget_bytes(figures.budgetBytes);
        *device.mutable_estimate() = toProto(figures.estimate);
    }
    for (const PlannedEviction& planned : plan.evictions)
        *message.add_evictions() = toProto(planned);
    for (const PlannedStay& planned : plan.stays)
        *message.add_stays() = toProto(planned);
    return message;
}

} // namespace mm::lifecycle
