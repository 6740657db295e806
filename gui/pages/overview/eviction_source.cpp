#include "gui/pages/overview/eviction_source.h"

#include <utility>

namespace mm::gui {
namespace {

constexpr qint64 kOld = 900; // ms; just below the rhythm of the engine's state
constexpr int kPatience = 5; // seconds

} // namespace

EvictionSource::EvictionSource(EngineLink& link, QObject* parent) : QObject(parent), m_link(link) {
    connect(&link, &EngineLink::changed, this, [this] {
        if (const CallHandle before = std::exchange(m_call, nullptr))
            before->letGo(); // an engine that has gone does not answer any more
        const QString engine = m_link.target().name;
        if (std::exchange(m_engine, engine) == engine)
            return;
        m_order.reset();
        m_asked.invalidate();
        Q_EMIT changed();
    });
}

void EvictionSource::refresh() {
    const bool isFresh = m_asked.isValid() && !m_asked.hasExpired(kOld);
    if (m_call || isFresh || m_link.state() != EngineLink::State::Connected)
        return;
    m_asked.start();
    m_call = m_link.call(
        &MemoryCalls::GetEvictionOrder, {}, this,
        [this](Result<v1::EvictionOrder> answer) {
            m_call.reset();
            m_order = answer.ok() ? std::optional(std::move(answer).value()) : std::nullopt;
            Q_EMIT changed();
        },
        kPatience);
}

} // namespace mm::gui
