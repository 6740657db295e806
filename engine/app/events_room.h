// Everything that events are made of, put together: the log, what turns the contexts' tellings into events, and the
// service. Made when the data folder is this engine's own; the contexts tell it what happens until they are gone.
// Engine thread.
#pragma once

#include "engine/app/adapters/events/inference_events.h"
#include "engine/app/adapters/events/job_events.h"
#include "engine/app/adapters/events/lifecycle_events.h"
#include "engine/app/adapters/events/registry_events.h"
#include "engine/app/settings.h"
#include "engine/base/executor.h"
#include "engine/service/events/local_event_service.h"

#include <filesystem>
#include <set>
#include <string>

namespace mm::app {

class EventsRoom {
public:
    // Both outlive the room.
    EventsRoom(const Settings& settings, const Clock& clock, Executor& engineThread);
    // What is remembered waits in the data folder for the next engine.
    ~EventsRoom();
    EventsRoom(const EventsRoom&) = delete;
    EventsRoom& operator=(const EventsRoom&) = delete;

    [[nodiscard]] registry::CatalogueListener& registry() { return m_registry; }
    [[nodiscard]] lifecycle::LifecycleListener& lifecycle() { return m_lifecycle; }
    [[nodiscard]] InferenceEvents& inference() { return m_inference; }
    [[nodiscard]] inference::JobListener& jobs() { return m_jobs; }
    [[nodiscard]] service::EventService& service() { return m_service; }
    [[nodiscard]] events::EventLog& log() { return m_log; }

    // Those of its settings that may change.
    void setOptions(const Settings& settings);
    // Somebody changed or reset these.
    void settingsChanged(const std::set<std::string>& names);
    void started(const std::string& restAddress, const std::string& grpcAddress);
    // Ends every reader, so that no connection stays open for events.
    void stopping();

private:
    std::filesystem::path m_file;
    events::EventLog m_log;
    RegistryEvents m_registry;
    LifecycleEvents m_lifecycle;
    InferenceEvents m_inference;
    JobEvents m_jobs;
    service::LocalEventService m_service;
};

} // namespace mm::app
