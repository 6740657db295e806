// Every kind of event that there is, by topic. The names are part of the API: they are never changed or used again for
// something else. Constants, any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mm::events {

enum class Topic : std::uint8_t { Engine, Model, Load, Queue, Request, Job, Memory, Device, Audit };

struct EventType {
    Topic topic;
    std::string_view name; // "topic.what"
};

// Many a second: remembered for a short time only, and made only while somebody listens.
[[nodiscard]] constexpr bool isBrief(Topic topic) {
    return topic == Topic::Queue || topic == Topic::Request;
}

namespace type {
inline constexpr EventType kEngineStarted{Topic::Engine, "engine.started"};
inline constexpr EventType kEngineStopping{Topic::Engine, "engine.stopping"};
inline constexpr EventType kSettingsChanged{Topic::Engine, "engine.settings_changed"};
inline constexpr EventType kEventsLost{Topic::Engine, "engine.events_lost"};
inline constexpr EventType kModelRegistered{Topic::Model, "model.registered"};
inline constexpr EventType kModelUpdated{Topic::Model, "model.updated"};
inline constexpr EventType kModelDeleted{Topic::Model, "model.deleted"};
inline constexpr EventType kVersionPromoted{Topic::Model, "model.version_promoted"};
inline constexpr EventType kVersionDeprecated{Topic::Model, "model.version_deprecated"};
inline constexpr EventType kModelWaiting{Topic::Model, "model.waiting"};
inline constexpr EventType kModelLoading{Topic::Model, "model.loading"};
inline constexpr EventType kModelLoaded{Topic::Model, "model.loaded"};
inline constexpr EventType kLoadFailed{Topic::Model, "model.load_failed"};
inline constexpr EventType kLoadCancelled{Topic::Model, "model.load_cancelled"};
inline constexpr EventType kModelUnhealthy{Topic::Model, "model.unhealthy"};
inline constexpr EventType kModelDraining{Topic::Model, "model.draining"};
inline constexpr EventType kModelUnloaded{Topic::Model, "model.unloaded"};
inline constexpr EventType kModelEvicted{Topic::Model, "model.evicted"};
inline constexpr EventType kModelPinned{Topic::Model, "model.pinned"};
inline constexpr EventType kModelUnpinned{Topic::Model, "model.unpinned"};
inline constexpr EventType kLoadProgress{Topic::Load, "load.progress"};
inline constexpr EventType kQueueDepth{Topic::Queue, "queue.depth"};
inline constexpr EventType kBatchFormed{Topic::Queue, "queue.batch_formed"};
inline constexpr EventType kRequestQueued{Topic::Request, "request.queued"};
inline constexpr EventType kRequestStarted{Topic::Request, "request.started"};
inline constexpr EventType kRequestFinished{Topic::Request, "request.finished"};
inline constexpr EventType kRequestFailed{Topic::Request, "request.failed"};
inline constexpr EventType kRequestCancelled{Topic::Request, "request.cancelled"};
inline constexpr EventType kRequestHeld{Topic::Request, "request.held"};
inline constexpr EventType kRequestReleased{Topic::Request, "request.released"};
inline constexpr EventType kRequestPriority{Topic::Request, "request.priority"};
inline constexpr EventType kRequestRunsAgain{Topic::Request, "request.runs_again"};
inline constexpr EventType kJobAccepted{Topic::Job, "job.accepted"};
inline constexpr EventType kJobProgress{Topic::Job, "job.progress"};
inline constexpr EventType kJobCompleted{Topic::Job, "job.completed"};
inline constexpr EventType kJobFailed{Topic::Job, "job.failed"};
inline constexpr EventType kJobCancelled{Topic::Job, "job.cancelled"};
inline constexpr EventType kJobWebhook{Topic::Job, "job.webhook"};
inline constexpr EventType kMemoryReserved{Topic::Memory, "memory.reserved"};
inline constexpr EventType kMemoryCommitted{Topic::Memory, "memory.committed"};
inline constexpr EventType kMemoryReleasing{Topic::Memory, "memory.releasing"};
inline constexpr EventType kMemoryReleased{Topic::Memory, "memory.released"};
inline constexpr EventType kMemoryBudget{Topic::Memory, "memory.budget_changed"};
inline constexpr EventType kMemoryExceeded{Topic::Memory, "memory.threshold_exceeded"};
inline constexpr EventType kMemoryBelow{Topic::Memory, "memory.below_threshold"};
inline constexpr EventType kDeviceFound{Topic::Device, "device.found"};
inline constexpr EventType kDeviceLost{Topic::Device, "device.lost"};
inline constexpr EventType kAuditChanged{Topic::Audit, "audit.changed"};
inline constexpr EventType kAuditRefused{Topic::Audit, "audit.refused"};
} // namespace type

[[nodiscard]] const std::vector<EventType>& allEventTypes();
[[nodiscard]] std::string_view topicName(Topic topic);
[[nodiscard]] std::optional<Topic> topicFromName(std::string_view name);
// Of a type's name, known or not: "model.loaded" → Topic::Model.
[[nodiscard]] std::optional<Topic> topicOf(std::string_view type);

} // namespace mm::events
