#include "engine/app/events_room.h"

#include "engine/base/log.h"
#include "engine/events/event_file.h"

#include <unistd.h>

namespace mm::app {
namespace {

using namespace events;

EventLogOptions logOptions(const Settings& settings) {
    EventLogOptions options;
    options.keep = static_cast<std::size_t>(settings.eventsKept);
    options.keepBrief = static_cast<std::size_t>(settings.eventsKept);
    options.mostReaders = static_cast<std::size_t>(settings.maxEventReaders);
    options.mostBehind = static_cast<std::size_t>(settings.maxEventsBehind);
    return options;
}

} // namespace

EventsRoom::EventsRoom(const Settings& settings, const Clock& clock, Executor& engineThread)
    : m_file(settings.dataDir / "events.bin")
    , m_log(logOptions(settings), clock, takeEventFile(m_file))
    , m_registry(m_log)
    , m_lifecycle(m_log)
    , m_inference(m_log)
    , m_jobs(m_log)
    , m_service(engineThread, m_log) {}

void EventsRoom::setOptions(const Settings& settings) {
    m_log.setOptions(logOptions(settings));
}

void EventsRoom::started(const std::string& restAddress, const std::string& grpcAddress) {
    m_log.publish(type::kEngineStarted, {.message = "The engine is ready.",
                                         .details = {{"version", std::string(MM_VERSION)},
                                                     {"pid", std::int64_t{::getpid()}},
                                                     {"rest", restAddress},
                                                     {"grpc", grpcAddress}}});
}

void EventsRoom::settingsChanged(const std::set<std::string>& names) {
    std::string all;
    for (const std::string& name : names)
        all.append(all.empty() ? "" : ",").append(name);
    m_log.publish(type::kSettingsChanged,
                  {.message = "Settings were changed: " + all + ".", .details = {{"settings", all}}});
}

void EventsRoom::stopping() {
    m_log.publish(type::kEngineStopping, {.message = "The engine is stopping."});
    m_log.close({ErrorCode::ServiceUnavailable,
                 "The engine is stopping. Come back when it runs again, with the id of the last event that came."});
}

EventsRoom::~EventsRoom() {
    if (const auto written = writeEventFile(m_file, m_log.past()); !written.ok())
        log::write(log::Level::Warning, "events not kept", written.error());
}

} // namespace mm::app
