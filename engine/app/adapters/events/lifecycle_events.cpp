#include "engine/app/adapters/events/lifecycle_events.h"

#include "engine/lifecycle/memory/memory_ledger.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace mm::app {
namespace {

using namespace events;
using lifecycle::EndCause;
using lifecycle::MemoryChange;
using lifecycle::StateChange;
namespace v1 = lifecycle::v1;

constexpr std::int64_t kBudgetSteps = 100;

struct StateTelling {
    const EventType& type;
    std::string message;
};

StateTelling unhealthy(const StateChange& change) {
    if (!change.error)
        return {type::kLoadCancelled, "The load of " + change.key + " was cancelled: " + change.reason + "."};
    const bool loading = change.from == v1::MODEL_STATE_LOADING;
    return {loading ? type::kLoadFailed : type::kModelUnhealthy, change.error->message};
}

StateTelling tellingOf(const StateChange& change) {
    switch (change.to) {
    case v1::MODEL_STATE_LOADING:
        return {type::kModelLoading, change.key + " is being loaded."};
    case v1::MODEL_STATE_LOADED:
        return {type::kModelLoaded, change.key + " is loaded."};
    case v1::MODEL_STATE_DRAINING:
        if (change.cause == EndCause::Killed)
            return {type::kModelDraining, change.key + " is ended at once: " + change.reason + "."};
        return {type::kModelDraining, change.key + " ends what it runs: " + change.reason + "."};
    case v1::MODEL_STATE_UNHEALTHY:
        return unhealthy(change);
    default:
        return {change.cause == EndCause::Evicted ? type::kModelEvicted : type::kModelUnloaded,
                change.key + " is unloaded: " + change.reason + "."};
    }
}

std::string_view causeName(EndCause cause) {
    switch (cause) {
    case EndCause::Ordered:
        return "ordered";
    case EndCause::Killed:
        return "killed";
    case EndCause::Evicted:
        return "evicted";
    case EndCause::Idle:
        return "idle";
    case EndCause::Surplus:
        return "surplus";
    case EndCause::Retired:
        return "retired";
    case EndCause::None:
        break;
    }
    return {};
}

const EventType& typeOf(MemoryChange::What what) {
    switch (what) {
    case MemoryChange::What::Reserved:
        return type::kMemoryReserved;
    case MemoryChange::What::Committed:
        return type::kMemoryCommitted;
    case MemoryChange::What::Releasing:
        return type::kMemoryReleasing;
    case MemoryChange::What::Released:
        break;
    }
    return type::kMemoryReleased;
}

Facts factsOf(const lifecycle::DeviceAccount& account) {
    return {{"device", account.device},
            {"name", account.name},
            {"total_bytes", account.totalBytes},
            {"budget_bytes", account.budgetBytes},
            {"effective_budget_bytes", account.effectiveBytes},
            {"used_bytes", account.usedBytes()},
            {"other_programs_bytes", account.othersBytes}};
}

} // namespace

void LifecycleEvents::onStateChanged(const StateChange& change) {
    if (change.to != v1::MODEL_STATE_LOADING)
        m_loads.erase({change.key, change.instance});
    StateTelling told = tellingOf(change);
    Facts details = change.facts;
    details["instance"] = std::int64_t{change.instance};
    if (!change.error && !change.reason.empty())
        details["reason"] = change.reason;
    if (change.cause != EndCause::None)
        details["cause"] = std::string(causeName(change.cause));
    if (change.error) {
        details.insert(change.error->facts.begin(), change.error->facts.end());
        details["error_code"] = std::string(errorName(change.error->code));
    }
    m_log.publish(told.type,
                  {.modelId = change.key, .message = std::move(told.message), .details = std::move(details)});
}

void LifecycleEvents::onLoadProgress(const std::string& key, int instance, const v1::LoadStage& stage) {
    Told& told = m_loads[{key, instance}];
    if (told.stage == stage.stage() && stage.percent() - told.percent < 1)
        return;
    told = {stage.stage(), stage.percent()};
    Facts details{{"instance", std::int64_t{instance}},
                  {"stage", stage.stage()},
                  {"percent", stage.percent()},
                  {"done", stage.done()},
                  {"total", stage.total()}};
    if (!stage.detail().empty())
        details["detail"] = stage.detail();
    m_log.publish(type::kLoadProgress, {.modelId = key,
                                        .message = key + " is being loaded: " + stage.stage() + ", " +
                                                   std::to_string(static_cast<int>(stage.percent())) + " %.",
                                        .details = std::move(details)});
}

void LifecycleEvents::onWaiting(const std::string& key, const std::string& reason) {
    m_log.publish(type::kModelWaiting,
                  {.modelId = key, .message = key + ": " + reason, .details = {{"reason", reason}}});
}

void LifecycleEvents::onPinned(const std::string& key, bool pinned) {
    m_log.publish(
        pinned ? type::kModelPinned : type::kModelUnpinned,
        {.modelId = key, .message = key + (pinned ? " stays loaded from now on." : " may be evicted again.")});
}

void LifecycleEvents::onMemory(const MemoryChange& change) {
    Facts details{{"instance", std::int64_t{change.instance}}};
    std::int64_t all = 0;
    for (const lifecycle::DeviceBytes& line : change.bytes) {
        details[line.device + "_bytes"] = line.bytes;
        all += line.bytes;
    }
    details["bytes"] = all;
    const EventType& type = typeOf(change.what);
    m_log.publish(type, {.modelId = change.key,
                         .message = lifecycle::inMegabytes(all) + " " +
                                    std::string(type.name.substr(type.name.find('.') + 1)) + " for " + change.key + ".",
                         .details = std::move(details)});
}

void LifecycleEvents::onDevices(const std::vector<lifecycle::DeviceAccount>& devices) {
    for (const lifecycle::DeviceAccount& account : devices)
        tellDevice(account);
    std::erase_if(m_devices, [&](const auto& known) {
        const bool gone = std::none_of(devices.begin(), devices.end(),
                                       [&](const auto& account) { return account.device == known.first; });
        if (gone)
            m_log.publish(type::kDeviceLost,
                          {.message = "The device " + known.first + " is gone.", .details = {{"device", known.first}}});
        return gone;
    });
}

void LifecycleEvents::tellDevice(const lifecycle::DeviceAccount& account) {
    const auto [found, isNew] = m_devices.try_emplace(account.device);
    Device& known = found->second;
    if (isNew) {
        known.effectiveBytes = account.effectiveBytes;
        m_log.publish(type::kDeviceFound, {.message = "The device " + account.device + " is there: " + account.name +
                                                      ", " + lifecycle::inMegabytes(account.totalBytes) + ".",
                                           .details = factsOf(account)});
    } else if (std::abs(account.effectiveBytes - known.effectiveBytes) * kBudgetSteps >= account.budgetBytes &&
               account.effectiveBytes != known.effectiveBytes) {
        const bool grown = account.effectiveBytes > known.effectiveBytes;
        known.effectiveBytes = account.effectiveBytes;
        m_log.publish(type::kMemoryBudget,
                      {.message = "Models may use " + lifecycle::inMegabytes(account.effectiveBytes) + " of " +
                                  account.device + (grown ? " again." : ": other programs have taken the rest."),
                       .details = factsOf(account)});
    }
    const bool exceeded = account.usedBytes() > account.effectiveBytes;
    if (exceeded == known.exceeded)
        return;
    known.exceeded = exceeded;
    m_log.publish(exceeded ? type::kMemoryExceeded : type::kMemoryBelow,
                  {.message = "Models use " + lifecycle::inMegabytes(account.usedBytes()) + " of the " +
                              lifecycle::inMegabytes(account.effectiveBytes) + " that they may have on " +
                              account.device + ".",
                   .details = factsOf(account)});
}

} // namespace mm::app
