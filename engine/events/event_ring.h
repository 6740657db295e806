// EventRing: the newest events, bounded by number and bytes; knows up to which id it has forgotten. Kept as bytes,
// since most are never read again and a message with its details is four times as large. Engine thread.
#pragma once

#include "engine/events/event_watch.h"

#include <cstdint>
#include <deque>
#include <string>

namespace mm::events {

class EventRing {
public:
    struct Kept {
        Topic topic;
        std::int64_t id;
        std::string bytes;
        [[nodiscard]] EventPtr event() const;
        [[nodiscard]] std::size_t size() const { return sizeof(Kept) + bytes.size(); }
    };
    EventRing(std::size_t most, std::size_t mostBytes) : m_most(most), m_mostBytes(mostBytes) {}

    void setMost(std::size_t most);
    void add(Topic topic, const v1::Event& event);
    // Drops everything: of what was up to that id, nothing is known any more.
    void forget(std::int64_t upTo);
    // All after this id are here.
    [[nodiscard]] std::int64_t forgotten() const { return m_forgotten; }
    [[nodiscard]] const std::deque<Kept>& kept() const { return m_kept; }
    [[nodiscard]] std::size_t bytes() const { return m_bytes; }

private:
    void trim();

    std::size_t m_most;
    std::size_t m_mostBytes;
    std::size_t m_bytes = 0;
    std::int64_t m_forgotten = 0;
    std::deque<Kept> m_kept;
};

} // namespace mm::events
