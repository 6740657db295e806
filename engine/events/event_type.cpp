#include "engine/events/event_type.h"

#include <array>

namespace mm::events {
namespace {

constexpr std::array<std::string_view, 9> kTopics{"engine", "model",  "load",   "queue", "request",
                                                  "job",    "memory", "device", "audit"};

} // namespace

const std::vector<EventType>& allEventTypes() {
    using namespace type;
    static const std::vector<EventType> all{
        kEngineStarted,   kEngineStopping,   kSettingsChanged,   kEventsLost,       kModelRegistered, kModelUpdated,
        kModelDeleted,    kVersionPromoted,  kVersionDeprecated, kModelWaiting,     kModelLoading,    kModelLoaded,
        kLoadFailed,      kLoadCancelled,    kModelUnhealthy,    kModelDraining,    kModelUnloaded,   kModelEvicted,
        kModelPinned,     kModelUnpinned,    kLoadProgress,      kQueueDepth,       kBatchFormed,     kRequestQueued,
        kRequestStarted,  kRequestFinished,  kRequestFailed,     kRequestCancelled, kRequestHeld,     kRequestReleased,
        kRequestPriority, kRequestRunsAgain, kJobAccepted,       kJobProgress,      kJobCompleted,    kJobFailed,
        kJobCancelled,    kJobWebhook,       kMemoryReserved,    kMemoryCommitted,  kMemoryReleasing, kMemoryReleased,
        kMemoryBudget,    kMemoryExceeded,   kMemoryBelow,       kDeviceFound,      kDeviceLost,      kAuditChanged,
        kAuditRefused,
    };
    return all;
}

std::string_view topicName(Topic topic) {
    return kTopics.at(static_cast<std::size_t>(topic));
}

std::optional<Topic> topicFromName(std::string_view name) {
    for (std::size_t i = 0; i < kTopics.size(); ++i)
        if (kTopics.at(i) == name)
            return static_cast<Topic>(i);
    return std::nullopt;
}

std::optional<Topic> topicOf(std::string_view type) {
    return topicFromName(type.substr(0, type.find('.')));
}

} // namespace mm::events
