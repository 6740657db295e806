#include "engine/app/adapters/events/registry_events.h"

#include "engine/ipc/names.h"
#include "engine/registry/model_id.h"

#include <utility>

namespace mm::app {
namespace {

using namespace events;
using registry::ModelEntry;

// As it would be if only the current version and the deprecation had changed.
ModelEntry withStandingOf(ModelEntry entry, const ModelEntry& other) {
    entry.current = other.current;
    entry.deprecated = other.deprecated;
    entry.deprecationReason = other.deprecationReason;
    return entry;
}

} // namespace

void RegistryEvents::tell(const EventType& type, const ModelEntry& entry, const std::string& what) {
    std::string key = registry::versionedId(entry.modelId, entry.version);
    Facts details{{"version", entry.version},
                  {"task_type", std::string(taskName(entry.task))},
                  {"status", std::string(registry::toString(entry.status))},
                  {"current", entry.current},
                  {"revision", entry.revision}};
    if (entry.deprecated)
        details["deprecation_reason"] = entry.deprecationReason;
    std::string message = key + " " + what + ".";
    m_log.publish(type, {.modelId = std::move(key), .message = std::move(message), .details = std::move(details)});
}

void RegistryEvents::modelRegistered(const registry::EntryPtr& entry) {
    tell(type::kModelRegistered, *entry, "is registered");
}

void RegistryEvents::modelUpdated(const registry::EntryPtr& before, const registry::EntryPtr& after) {
    if (!registry::sameContent(withStandingOf(*before, *after), *after))
        tell(type::kModelUpdated, *after, "has been changed");
    if (after->current && !before->current)
        tell(type::kVersionPromoted, *after, "is the current version now");
    if (after->deprecated && !before->deprecated)
        tell(type::kVersionDeprecated, *after, "is deprecated");
}

void RegistryEvents::modelRemoved(const registry::EntryPtr& entry) {
    tell(type::kModelDeleted, *entry, "is deleted");
}

} // namespace mm::app
