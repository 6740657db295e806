#include "gui/shell/header/health_watch.h"

namespace mm::gui {

HealthWatch::HealthWatch(const Parts& parts, QObject* parent) : QObject(parent), m_parts(parts) {
    connect(&m_parts.link, &EngineLink::changed, this, &HealthWatch::onLink);
    connect(&m_parts.state, &EngineState::statusChanged, this, &HealthWatch::work);
    connect(&m_parts.events, &EventFeed::happened, this, &HealthWatch::take);
    if (m_parts.engines)
        connect(m_parts.engines, &EngineSwitch::changed, this, &HealthWatch::work);
    work();
}

void HealthWatch::onLink() {
    if (m_engine != m_parts.link.target().name) {
        m_engine = m_parts.link.target().name;
        m_failures.clear();
        m_auditFault.clear();
    }
    if (m_parts.link.state() != EngineLink::State::Connected)
        m_hasLookedBack = false;
    else if (!m_hasLookedBack)
        lookBack();
    work();
}

void HealthWatch::lookBack() {
    m_hasLookedBack = true;
    v1::WatchEventsRequest before;
    before.set_remembered_only(true);
    before.add_types("model");
    before.add_types("engine.started");
    m_parts.link.stream(
        &ManagementCalls::WatchEvents, before, this, [this](const std::vector<v1::Event>& events) { take(events); },
        [](const Result<void>&) {}, EngineLink::kQuickSeconds);
    // Who may not know gets a refusal, and sees no audit anyway.
    m_parts.link.call(&AccessCalls::VerifyAudit, {}, this, [this](const Result<v1::AuditVerification>& audit) {
        m_auditFault = audit.ok() && !audit->intact() ? QString::fromStdString(audit->reason()) : QString();
        work();
    });
}

void HealthWatch::take(const std::vector<v1::Event>& events) {
    const auto before = m_failures.failures();
    for (const v1::Event& event : events)
        m_failures.take(event);
    if (m_failures.failures() != before) // most events are about other things, and there are many
        work();
}

void HealthWatch::work() {
    const EngineLink& link = m_parts.link;
    HealthFacts facts;
    facts.link = link.state();
    facts.fault = QString::fromStdString(link.fault().message);
    facts.engine = link.target().name;
    if (const EngineSwitch* engines = m_parts.engines) {
        facts.isOwn = engines->isOwn();
        facts.hasOwn = engines->hasOwn();
        facts.isChanging = engines->isChanging();
        if (engines->offered())
            facts.offered = engines->offered()->engine.address;
    }
    facts.refusal = m_parts.state.refusal();
    facts.status = m_parts.state.status() ? &*m_parts.state.status() : nullptr;
    facts.failures = &m_failures;
    facts.auditFault = m_auditFault;
    m_report = healthOf(facts);
    Q_EMIT changed();
}

} // namespace mm::gui
