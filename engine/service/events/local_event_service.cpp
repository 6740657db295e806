#include "engine/service/events/local_event_service.h"

#include <utility>

namespace mm::service {

void LocalEventService::watch(v1::WatchEventsRequest request, Reply<Watch> reply) {
    m_engine.post([this, request = std::move(request), reply = std::move(reply)] {
        auto watch = m_log.watch(request);
        if (!watch.ok())
            return reply(std::move(watch).error());
        // The log keeps the watch as long as the reader's last reference says that it is read.
        const Watch kept = std::move(watch).value();
        const auto leave = [kept, log = &m_log, engine = &m_engine](events::EventWatch*) {
            engine->post([kept, log] { log->leave(*kept); });
        };
        reply(Watch(kept.get(), leave));
    });
}

} // namespace mm::service
