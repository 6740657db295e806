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
    virtual void watch(v1::WatchEventsRequest request, Reply<Watch> reply) = 0;
};

} // namespace mm::service
