// What the registry tells, as events. Engine thread; the log outlives it.
#pragma once

#include "engine/events/event_log.h"
#include "engine/registry/ports.h"

namespace mm::app {

class RegistryEvents final : public registry::CatalogueListener {
public:
    explicit RegistryEvents(events::EventLog& log) : m_log(log) {}

    void modelRegistered(const registry::EntryPtr& entry) override;
    // One event for each thing that has become different: promoted, deprecated, anything else.
    void modelUpdated(const registry::EntryPtr& before, const registry::EntryPtr& after) override;
    void modelRemoved(const registry::EntryPtr& entry) override;

private:
    void tell(const events::EventType& type, const registry::ModelEntry& entry, const std::string& what);

    events::EventLog& m_log;
};

} // namespace mm::app
