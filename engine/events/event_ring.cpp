#include "engine/events/event_ring.h"

#include <memory>

namespace mm::events {

EventPtr EventRing::Kept::event() const {
    auto event = std::make_shared<v1::Event>();
    event->ParseFromString(bytes); // as it was written here
    return event;
}

void EventRing::add(Topic topic, const v1::Event& event) {
    m_kept.push_back({topic, event.id(), event.SerializeAsString()});
    m_bytes += m_kept.back().size();
    trim();
}

void EventRing::setMost(std::size_t most) {
    m_most = most;
    trim();
}

void EventRing::trim() {
    while (m_kept.size() > m_most || (m_bytes > m_mostBytes && !m_kept.empty())) {
        m_bytes -= m_kept.front().size();
        m_forgotten = m_kept.front().id;
        m_kept.pop_front();
    }
}

void EventRing::forget(std::int64_t upTo) {
    m_kept.clear();
    m_bytes = 0;
    m_forgotten = upTo;
}

} // namespace mm::events
