// Events as text of a stream (server-sent events), each made once however many read it. REST thread.
#pragma once

#include "engine/base/error.h"
#include "engine/events/event_watch.h"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace mm::rest::native {

class EventText {
public:
    // "id: …\nevent: …\ndata: …\n\n"; good until the next call.
    const std::string& of(const events::EventPtr& event);

    // How a client comes back when it was cut off.
    static std::string opening();
    static std::string heartbeat() { return ":\n\n"; }
    // The last of a stream: why it ends, where it was not asked to.
    static std::string end(const Error* error);

private:
    struct Kept {
        events::EventPtr event; // keeps its address from being used again
        std::string text;
    };
    std::unordered_map<const void*, Kept> m_kept;
};

} // namespace mm::rest::native
