#include "gui/pages/overview/side/happenings.h"

#include <algorithm>

namespace mm::gui {
namespace {

constexpr std::size_t kKept = 1'000;
constexpr int kPatience = 20; // seconds
constexpr int kSoon = 150;    // ms

} // namespace

Happenings::Happenings(EngineLink& link, EventFeed& events, QObject* parent) : QObject(parent), m_link(link) {
    m_soon.setSingleShot(true);
    m_soon.setInterval(kSoon);
    connect(&m_soon, &QTimer::timeout, this, &Happenings::changed);
    connect(&events, &EventFeed::happened, this, &Happenings::take);
    connect(&link, &EngineLink::changed, this, &Happenings::askForRemembered);
    askForRemembered();
}

void Happenings::askForRemembered() {
    if (m_link.state() != EngineLink::State::Connected || m_engine == m_link.target().name)
        return;
    m_engine = m_link.target().name;
    m_all.clear();
    v1::WatchEventsRequest request;
    request.set_remembered_only(true);
    for (const char* topic : {"engine", "model", "job", "memory", "device", "audit"})
        request.add_types(topic);
    m_stream = m_link.stream(
        &ManagementCalls::WatchEvents, request, this, [this](const std::vector<v1::Event>& events) { take(events); },
        [](const Result<void>&) {}, kPatience); // without them it begins with what happens now
    Q_EMIT changed();
}

void Happenings::insert(Happening happening) {
    const auto place = std::lower_bound(m_all.begin(), m_all.end(), happening.id,
                                        [](const Happening& each, std::int64_t id) { return each.id > id; });
    if (place == m_all.end() || place->id != happening.id)
        m_all.insert(place, std::move(happening));
}

void Happenings::take(const std::vector<v1::Event>& events) {
    bool isNews = false;
    for (const v1::Event& event : events)
        if (auto happening = happeningOf(event)) {
            insert(std::move(*happening));
            isNews = true;
        }
    while (m_all.size() > kKept)
        m_all.pop_back();
    if (isNews && !m_soon.isActive())
        m_soon.start();
}

} // namespace mm::gui
