// What the faces may ask of events: let me read them. Any thread; the reply comes once, on the engine thread. Dropping
// the watch, on any thread, ends the reading. Errors: ValidationError with every field, ServiceUnavailable where there
// are too many readers or the engine stops.
#pragma once

#include "engine/base/reply.h"
#include "engine/events/event_watch.h"
#include "modelmora/v1/events.pb.h"

#include <memory>

namespace mm::service {

namespace v1 = modelmora::v1;

class EventService {
public:
    virtual ~EventService() = default;

    using Watch = std::shared_ptr<events::EventWatch>;
    // Events of models that the reader may not know of are left out.
    virtual void watch(v1::WatchEventsRequest request, events::MayKnow mayKnow, Reply<Watch> reply) = 0;
    void watch(v1::WatchEventsRequest request, Reply<Watch> reply) {
        watch(std::move(request), nullptr, std::move(reply));
    }
};

} // namespace mm::service
