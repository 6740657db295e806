#include "engine/events/event_log.h"

#include "engine/base/log.h"
#include "engine/ipc/facts.h"

#include <algorithm>
#include <utility>

namespace mm::events {
namespace {

std::int64_t micros(WallTime time) {
    return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

void setTime(google::protobuf::Timestamp& stamp, WallTime time) {
    const std::int64_t now = micros(time);
    stamp.set_seconds(now / 1'000'000);
    stamp.set_nanos(static_cast<std::int32_t>(now % 1'000'000 * 1'000));
}

TopicSet briefTopics() {
    TopicSet topics;
    topics.set(bit(Topic::Queue)).set(bit(Topic::Request));
    return topics;
}

Error tooManyReaders(std::size_t most) {
    return {ErrorCode::ServiceUnavailable,
            "There are " + std::to_string(most) +
                " readers of events already, as many as max-event-readers allows. End some, or raise it.",
            {{"max_event_readers", static_cast<std::int64_t>(most)}}};
}

} // namespace

EventLog::EventLog(Options options, const Clock& clock, std::optional<Past> past)
    : m_options(options)
    , m_clock(clock)
    , m_lasting(options.keep, options.keepBytes)
    , m_brief(options.keepBrief, options.keepBytes) {
    // The clock of the wall is ahead of every id that an earlier engine gave: none made a million events a second.
    m_lastId = micros(clock.wallNow());
    m_lasting.forget(m_lastId);
    if (past) {
        m_lasting.forget(past->forgotten);
        m_lastId = std::max(m_lastId, past->forgotten);
        for (const v1::Event& event : past->events) {
            m_lastId = std::max(m_lastId, event.id());
            const Topic topic = topicOf(event.type()).value_or(Topic::Engine);
            m_lasting.add(topic, event);
        }
    }
    m_brief.forget(m_lastId);
    recount();
}

void EventLog::setOptions(const Options& options) {
    m_options = options;
    m_lasting.setMost(options.keep);
    m_brief.setMost(options.keepBrief);
}

void EventLog::publish(const EventType& type, EventDraft draft) {
    if (isBrief(type.topic))
        stopLingering();
    if (!wants(type.topic))
        return;
    auto event = std::make_shared<v1::Event>();
    event->set_id(++m_lastId);
    setTime(*event->mutable_at(), m_clock.wallNow());
    event->set_type(type.name.data(), type.name.size());
    event->set_model_id(std::move(draft.modelId));
    event->set_request_id(std::move(draft.requestId));
    event->set_job_id(std::move(draft.jobId));
    event->set_client(std::move(draft.client));
    event->set_message(std::move(draft.message));
    if (!draft.details.empty())
        *event->mutable_details() = ipc::toStruct(draft.details);
    const EventPtr shared = std::move(event);
    (isBrief(type.topic) ? m_brief : m_lasting).add(type.topic, *shared);
    const auto dropped = std::erase_if(m_watches, [&](const auto& watch) {
        return watch->filter().matches(type.topic, *shared) && !watch->offer(shared);
    });
    if (dropped > 0) {
        log::warning("a reader of events was dropped: it was too slow", {{"dropped", dropped}});
        recount();
    }
}

Result<std::shared_ptr<EventWatch>> EventLog::watch(const v1::WatchEventsRequest& request, MayKnow mayKnow) {
    MM_TRY(EventFilter filter, EventFilter::make(request, std::move(mayKnow)));
    if (m_closed)
        return *m_closed;
    stopLingering();
    if (!request.remembered_only() && m_watches.size() >= m_options.mostReaders)
        return tooManyReaders(m_options.mostReaders);
    std::vector<EventPtr> first = remembered(filter, request);
    auto watch = std::make_shared<EventWatch>(std::move(filter), std::move(first), m_options.mostBehind);
    if (request.remembered_only()) {
        watch->finish();
        return watch;
    }
    m_watches.push_back(watch);
    recount();
    return watch;
}

std::vector<EventPtr> EventLog::remembered(const EventFilter& filter, const v1::WatchEventsRequest& request) {
    std::vector<EventPtr> found;
    if (request.after_id() == 0 && !request.remembered_only())
        return found;
    // Who asks for an id that was never given has read another log: everything here is new to it.
    const bool foreign = request.after_id() > m_lastId;
    const std::int64_t after = foreign ? 0 : request.after_id();
    if (request.after_id() > 0) {
        const bool lasting = (filter.topics() & ~briefTopics()).any() && after < m_lasting.forgotten();
        const bool brief = (filter.topics() & briefTopics()).any() && (!m_makesBrief || after < m_brief.forgotten());
        if (lasting || brief || foreign)
            found.push_back(lost(foreign ? m_lasting.forgotten() : after, lasting || foreign, brief));
    }
    const auto collect = [&](const EventRing& ring) {
        auto at = std::partition_point(ring.kept().begin(), ring.kept().end(),
                                       [&](const auto& kept) { return kept.id <= after; });
        for (; at != ring.kept().end(); ++at) {
            if (!filter.topics().test(bit(at->topic)))
                continue;
            if (EventPtr event = at->event(); filter.matches(at->topic, *event))
                found.push_back(std::move(event));
        }
    };
    const std::size_t begin = found.size();
    collect(m_lasting);
    const std::size_t middle = found.size();
    collect(m_brief);
    const auto iterator = [&](std::size_t index) { return found.begin() + static_cast<std::ptrdiff_t>(index); };
    std::inplace_merge(iterator(begin), iterator(middle), found.end(),
                       [](const EventPtr& one, const EventPtr& other) { return one->id() < other->id(); });
    return found;
}

// It carries the reader's own place, so that going on after it goes on with the first that is remembered.
EventPtr EventLog::lost(std::int64_t id, bool lasting, bool brief) const {
    auto event = std::make_shared<v1::Event>();
    event->set_id(id);
    setTime(*event->mutable_at(), m_clock.wallNow());
    event->set_type(std::string(type::kEventsLost.name));
    const std::string what = lasting && brief ? "Events" : lasting ? "Some events" : "Events of requests and the queue";
    event->set_message(what + " after " + std::to_string(id) +
                       " are not remembered any more; read the state anew where it matters.");
    *event->mutable_details() =
        ipc::toStruct({{"requests_and_queue", brief},
                       {"other_topics", lasting},
                       {"remembered_after", lasting ? m_lasting.forgotten() : m_brief.forgotten()}});
    return event;
}

void EventLog::leave(const EventWatch& watch) {
    if (std::erase_if(m_watches, [&](const auto& known) { return known.get() == &watch; }) > 0)
        recount();
}

void EventLog::close(const Error& error) {
    m_closed = error;
    for (const auto& watch : std::exchange(m_watches, {}))
        watch->close(error);
    recount();
}

void EventLog::recount() {
    const bool briefRead = std::any_of(m_watches.begin(), m_watches.end(), [](const auto& watch) {
        return (watch->filter().topics() & briefTopics()).any();
    });
    if (briefRead) {
        if (!std::exchange(m_makesBrief, true))
            m_brief.forget(m_lastId);
        m_lingersUntil.reset();
    } else if (m_makesBrief && !m_lingersUntil) {
        m_lingersUntil = m_clock.now() + m_options.linger;
    }
    m_wanted = m_makesBrief ? TopicSet().set() : ~briefTopics();
}

void EventLog::stopLingering() {
    if (!m_lingersUntil || m_clock.now() < *m_lingersUntil)
        return;
    m_lingersUntil.reset();
    m_makesBrief = false;
    m_brief.forget(m_lastId);
    recount();
}

EventLog::Past EventLog::past() const {
    Past past{m_lasting.forgotten(), {}};
    past.events.reserve(m_lasting.kept().size());
    for (const EventRing::Kept& kept : m_lasting.kept())
        past.events.push_back(*kept.event());
    return past;
}

} // namespace mm::events
