#include "engine/events/event_watch.h"

#include <algorithm>
#include <utility>

namespace mm::events {
namespace {

Error tooSlow(std::size_t behind) {
    return {ErrorCode::SlowReader,
            "This reader is " + std::to_string(behind) +
                " events behind and is not waited for any longer. Read faster, ask for fewer events (types, model), or "
                "go on after the last event that came: Last-Event-ID in REST, after_id in gRPC.",
            {{"events_behind", static_cast<std::int64_t>(behind)}}};
}

void call(const std::function<void()>& ready) {
    if (ready)
        ready();
}

} // namespace

EventWatch::EventWatch(EventFilter filter, std::vector<EventPtr> first, std::size_t most)
    : m_filter(std::move(filter))
    , m_most(most)
    , m_queue(std::make_move_iterator(first.begin()), std::make_move_iterator(first.end()))
    , m_first(first.size()) {}

EventWatch::Taken EventWatch::take(std::size_t most) {
    const std::lock_guard lock(m_mutex);
    Taken taken;
    const auto end = m_queue.begin() + static_cast<std::ptrdiff_t>(std::min(most, m_queue.size()));
    taken.events.assign(std::make_move_iterator(m_queue.begin()), std::make_move_iterator(end));
    m_queue.erase(m_queue.begin(), end);
    m_first -= std::min(m_first, taken.events.size());
    taken.over = m_over && m_queue.empty();
    if (taken.over)
        taken.error = m_error;
    return taken;
}

void EventWatch::whenReady(std::function<void()> ready) {
    {
        const std::lock_guard lock(m_mutex);
        if (m_queue.empty() && !m_over) {
            m_ready = std::move(ready);
            return;
        }
    }
    call(ready);
}

// The caller runs what it returns, without the lock.
std::function<void()> EventWatch::endLocked(std::optional<Error> error) {
    if (std::exchange(m_over, true))
        return nullptr;
    m_error = std::move(error);
    return std::exchange(m_ready, nullptr);
}

bool EventWatch::offer(const EventPtr& event) {
    std::function<void()> ready;
    bool kept = true;
    {
        const std::lock_guard lock(m_mutex);
        if (m_over)
            return false;
        const std::size_t behind = m_queue.size() - m_first;
        if (behind >= m_most) {
            // Others may hold the events; a reader that does not read shall not keep them alive.
            m_queue.clear();
            m_first = 0;
            ready = endLocked(tooSlow(behind));
            kept = false;
        } else {
            m_queue.push_back(event);
            ready = std::exchange(m_ready, nullptr);
        }
    }
    call(ready);
    return kept;
}

void EventWatch::finish() {
    std::function<void()> ready;
    {
        const std::lock_guard lock(m_mutex);
        ready = endLocked(std::nullopt);
    }
    call(ready);
}

void EventWatch::close(Error error) {
    std::function<void()> ready;
    {
        const std::lock_guard lock(m_mutex);
        ready = endLocked(std::move(error));
    }
    call(ready);
}

} // namespace mm::events
