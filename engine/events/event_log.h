// EventLog: everything that changes, in order, for whoever wants to hear of it. Gives every event its id, remembers the
// newest, and offers each to the readers whose filter it passes; none of them is waited for. Owned by the composition
// root; engine thread only, except that an EventWatch is taken from wherever its reader is.
//
// Two memories: events of the brief topics (queue, request) come by the thousand, and are made and remembered only
// while somebody reads them and a minute longer, so that a reader that was cut off can go on. All others are always
// remembered, the newest `keep` of them.
#pragma once

#include "engine/base/clock.h"
#include "engine/events/event_ring.h"
#include "engine/events/event_type.h"
#include "engine/events/event_watch.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mm::events {

// What a source says of an event; id, time and type are the log's matter.
struct EventDraft {
    std::string modelId = {};
    std::string requestId = {};
    std::string jobId = {};
    std::string client = {};
    std::string message = {};
    Facts details = {};
};

struct EventLogOptions {
    std::size_t keep = 10'000;
    std::size_t keepBytes = 16U << 20U; // of either memory
    std::size_t keepBrief = 10'000;
    std::size_t mostReaders = 512;
    std::size_t mostBehind = 4'096; // events that a reader may not have taken yet
    std::chrono::seconds linger{60};
};

class EventLog {
public:
    using Options = EventLogOptions;
    // What an earlier engine remembered.
    struct Past {
        std::int64_t forgotten = 0; // everything after this id is in `events`
        std::vector<v1::Event> events;
    };
    // The clock outlives the log.
    EventLog(Options options, const Clock& clock, std::optional<Past> past = std::nullopt);
    EventLog(const EventLog&) = delete;
    EventLog& operator=(const EventLog&) = delete;

    // A smaller memory forgets its oldest events at once; readers that there are stay.
    void setOptions(const Options& options);

    // Whether an event of this topic would reach anybody or be remembered: ask before making one that costs something.
    [[nodiscard]] bool wants(Topic topic) const { return m_wanted.test(bit(topic)); }
    void publish(const EventType& type, EventDraft draft);

    // ValidationError for a filter that cannot be; ServiceUnavailable where there are too many readers or the log is
    // closed.
    Result<std::shared_ptr<EventWatch>> watch(const v1::WatchEventsRequest& request, MayKnow mayKnow = nullptr);
    // Its reader has gone.
    void leave(const EventWatch& watch);
    // Ends every reader with this error, and refuses new ones with it. Publishing goes on.
    void close(const Error& error);

    [[nodiscard]] std::size_t readers() const { return m_watches.size(); }
    [[nodiscard]] std::int64_t lastId() const { return m_lastId; }
    // Of the lasting topics.
    [[nodiscard]] Past past() const;

private:
    [[nodiscard]] std::vector<EventPtr> remembered(const EventFilter& filter, const v1::WatchEventsRequest& request);
    [[nodiscard]] EventPtr lost(std::int64_t id, bool lasting, bool brief) const;
    void recount();
    void stopLingering();

    Options m_options;
    const Clock& m_clock;
    std::int64_t m_lastId = 0;
    EventRing m_lasting;
    EventRing m_brief;
    std::vector<std::shared_ptr<EventWatch>> m_watches;
    TopicSet m_wanted;
    bool m_makesBrief = false;             // events of the brief topics are made and remembered
    std::optional<Instant> m_lingersUntil; // nobody reads brief events any more, and they are remembered until then
    std::optional<Error> m_closed;
};

} // namespace mm::events
