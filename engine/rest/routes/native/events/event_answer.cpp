#include "engine/rest/routes/native/events/event_answer.h"

#include <utility>

namespace mm::rest::native {
namespace {

// Beyond this the reader is behind, and its events wait in the watch, which is bounded.
constexpr std::size_t kFullBytes = 256UL * 1024;
constexpr std::size_t kRoomBytes = 64UL * 1024;
constexpr std::size_t kAtOnce = 64;

} // namespace

EventAnswer::EventAnswer(Parts parts) : m_parts(std::move(parts)) {
    QObject::connect(&m_heartbeat, &QTimer::timeout, &m_heartbeat, [this] {
        if (m_parts.answer->unsentBytes() == 0)
            m_parts.answer->write(EventText::heartbeat());
    });
}

void EventAnswer::start() {
    m_heartbeat.start(m_parts.heartbeat);
    if (m_parts.answer->write(EventText::opening()))
        pump();
}

void EventAnswer::pump() {
    m_again = true;
    if (std::exchange(m_pumping, true))
        return; // the loop below goes on
    while (!m_over && (step() || m_again)) {
    }
    m_pumping = false;
}

bool EventAnswer::step() {
    m_again = false;
    if (m_parts.answer->unsentBytes() > kFullBytes) {
        m_parts.answer->onRoom(kRoomBytes, later());
        return false;
    }
    const events::EventWatch::Taken taken = m_parts.watch->take(kAtOnce);
    std::string text;
    for (const events::EventPtr& event : taken.events)
        text += m_parts.text->of(event);
    if (taken.over)
        text += EventText::end(taken.error ? &*taken.error : nullptr);
    if (!text.empty() && !m_parts.answer->write(std::move(text)))
        m_over = true; // nobody is there any more
    if (taken.over) {
        m_over = true;
        m_parts.answer->finish();
    }
    if (m_over)
        m_heartbeat.stop();
    else if (taken.events.empty())
        m_parts.watch->whenReady([run = m_parts.onRestThread, pump = later()]() mutable { run(std::move(pump)); });
    return !m_over && !taken.events.empty();
}

std::function<void()> EventAnswer::later() {
    return [weak = weak_from_this()] {
        if (const auto self = weak.lock())
            self->pump();
    };
}

} // namespace mm::rest::native
