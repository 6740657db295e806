#include "gui/client/event_feed.h"

#include <algorithm>
#include <chrono>

namespace mm::gui {
namespace {

constexpr std::chrono::milliseconds kBreath(500);

} // namespace

EventFeed::EventFeed(EngineLink& link, QObject* parent) : QObject(parent), m_link(link) {
    m_again.setSingleShot(true);
    m_again.setInterval(kBreath);
    connect(&m_again, &QTimer::timeout, this, &EventFeed::follow);
    connect(&m_link, &EngineLink::changed, this, &EventFeed::follow);
}

void EventFeed::follow() {
    if (m_engine != m_link.target().name) {
        m_engine = m_link.target().name;
        m_lastId = 0;
        m_isFollowing = false;
    }
    if (m_link.state() == EngineLink::State::Connecting || m_link.state() == EngineLink::State::Closed)
        m_isFollowing = false; // such a stream says no more, not even that it is over
    if (m_isFollowing || m_link.state() != EngineLink::State::Connected)
        return;
    m_isFollowing = true;
    v1::WatchEventsRequest request;
    request.set_after_id(m_lastId);
    for (const char* topic : {"engine", "model", "load", "job", "memory", "device", "audit"})
        request.add_types(topic);
    m_stream = m_link.stream(
        &ManagementCalls::WatchEvents, request, this, [this](const std::vector<v1::Event>& events) { take(events); },
        [this](const Result<void>&) {
            m_isFollowing = false;
            m_again.start();
        });
}

void EventFeed::take(const std::vector<v1::Event>& events) {
    m_lastId = std::max(m_lastId, events.back().id());
    Q_EMIT happened(events);
}

} // namespace mm::gui
