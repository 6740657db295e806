#include "engine/events/event_ring.h"

#include <utility>

namespace mm::events {

void EventRing::add(Topic topic, EventPtr event) {
    const std::size_t bytes = event->SpaceUsedLong();
    m_bytes += bytes;
    m_kept.push_back({topic, std::move(event), bytes});
    while (m_kept.size() > m_most || (m_bytes > m_mostBytes && !m_kept.empty())) {
        m_bytes -= m_kept.front().bytes;
        m_forgotten = m_kept.front().event->id();
        m_kept.pop_front();
    }
}

void EventRing::forget(std::int64_t upTo) {
    m_kept.clear();
    m_bytes = 0;
    m_forgotten = upTo;
}

} // namespace mm::events
