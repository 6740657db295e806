#include "engine/service/events/local_event_service.h"

#include <utility>

namespace mm::service {

void LocalEventService::watch(v1::WatchEventsRequest request, events::MayKnow mayKnow, Reply<Watch> reply) {
    m_engine.post([this, request = std::move(request), mayKnow = std::move(mayKnow), reply = std::move(reply)] {
        auto watch = m_log.watch(request, mayKnow);
        if (!watch.ok())
            return reply(std::move(watch).error());
        // The log keeps the watch as long as the reader's last reference says that it is read. What listens to the
        // watch may refer to it weakly, and a weak reference keeps this deleter: it lets go of the watch when called.
        Watch kept = std::move(watch).value();
        events::EventWatch* const read = kept.get();
        auto leave = [kept = std::move(kept), log = &m_log, engine = &m_engine](events::EventWatch*) mutable {
            engine->post([kept = std::move(kept), log] { log->leave(*kept); });
        };
        reply(Watch(read, std::move(leave)));
    });
}

} // namespace mm::service
