// EventWatch: what one reader has still to read, between the engine thread, which offers, and the reader's thread,
// which takes. Bounded: a reader that falls too far behind is ended with SlowReader and never waited for. Safe from
// any thread.
#pragma once

#include "engine/base/error.h"
#include "engine/events/event_filter.h"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace mm::events {

using EventPtr = std::shared_ptr<const v1::Event>;

class EventWatch {
public:
    // `first` comes before everything else and does not count against `most`.
    EventWatch(EventFilter filter, std::vector<EventPtr> first, std::size_t most);
    EventWatch(const EventWatch&) = delete;
    EventWatch& operator=(const EventWatch&) = delete;

    struct Taken {
        std::vector<EventPtr> events;
        bool over = false;                         // nothing comes after these
        std::optional<Error> error = std::nullopt; // and why, where it is not the end that was asked for
    };
    // In order, at most so many; nothing where nothing has come yet.
    [[nodiscard]] Taken take(std::size_t most);
    // Calls `ready` once when take() gives something: at once, or from the thread that offers. A second call replaces
    // the first. It must not own the watch.
    void whenReady(std::function<void()> ready);

    [[nodiscard]] const EventFilter& filter() const { return m_filter; }
    // False where it has fallen too far behind now, or is over already.
    bool offer(const EventPtr& event);
    // Nothing more comes; what was offered is still to be taken.
    void finish();
    // Ends it with an error.
    void close(Error error);

private:
    [[nodiscard]] std::function<void()> endLocked(std::optional<Error> error);

    const EventFilter m_filter;
    const std::size_t m_most;
    std::mutex m_mutex;
    std::deque<EventPtr> m_queue;
    std::size_t m_first; // of them; the others count
    bool m_over = false;
    std::optional<Error> m_error;
    std::function<void()> m_ready;
};

} // namespace mm::events
