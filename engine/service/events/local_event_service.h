// EventService over this process's own log. Made on the engine thread, callable from any.
#pragma once

#include "engine/base/executor.h"
#include "engine/events/event_log.h"
#include "engine/service/events/event_service.h"

namespace mm::service {

class LocalEventService final : public EventService {
public:
    // Both outlive every watch.
    LocalEventService(Executor& engine, events::EventLog& log) : m_engine(engine), m_log(log) {}

    using EventService::watch;
    void watch(v1::WatchEventsRequest request, events::MayKnow mayKnow, Reply<Watch> reply) override;

private:
    Executor& m_engine;
    events::EventLog& m_log;
};

} // namespace mm::service
