#include "gui/pages/activity/event_tab.h"

#include "gui/pages/activity/records_view.h"
#include "gui/shell/page.h"

#include <QCheckBox>
#include <QVBoxLayout>

#include <utility>

namespace mm::gui {
namespace {

constexpr int kBreath = 500; // ms
constexpr const char* kTopics[] = {"engine", "model", "job", "memory", "device", "audit", "load", "request", "queue"};
constexpr std::size_t kQuiet = 6; // the first so many; the others come by the thousand

} // namespace

EventTab::EventTab(const PageContext& context, QWidget* parent)
    : ActivityTab(parent)
    , m_context(context)
    , m_view(new RecordsView(context, tr("Events"), QStringLiteral("events")))
    , m_requests(new QCheckBox(tr("Steps of loads and single requests too"))) {
    QStringList topics;
    for (const char* topic : kTopics)
        topics << QString::fromLatin1(topic);
    m_view->setTopics(topics);
    m_requests->setObjectName(QStringLiteral("small-steps"));
    m_view->addControl(m_requests);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_view);
    m_again.setSingleShot(true);
    m_again.setInterval(kBreath);
    connect(&m_again, &QTimer::timeout, this, &EventTab::follow);
    connect(&context.link, &EngineLink::changed, this, &EventTab::follow);
    connect(m_requests, &QCheckBox::toggled, this, [this] {
        stop();
        m_lastId = 0; // from the first that is remembered, so that they stand in their order
        m_view->clear();
        follow();
    });
}

void EventTab::setSeen(bool seen) {
    m_isSeen = seen;
    if (seen)
        follow();
    else
        stop();
}

void EventTab::search(const QString& text) {
    m_view->search(text);
}

void EventTab::stop() {
    m_again.stop();
    if (const CallHandle before = std::exchange(m_stream, nullptr))
        before->letGo();
}

void EventTab::follow() {
    if (m_engine != m_context.link.target().name) {
        stop();
        m_engine = m_context.link.target().name;
        m_lastId = 0;
        m_view->clear();
    }
    if (!m_isSeen || m_stream || m_context.link.state() != EngineLink::State::Connected)
        return;
    v1::WatchEventsRequest request;
    request.set_after_id(m_lastId);
    request.set_remembered_only(m_lastId == 0); // all of them; then it goes on after the last
    for (std::size_t i = 0; i < (m_requests->isChecked() ? std::size(kTopics) : kQuiet); ++i)
        request.add_types(kTopics[i]);
    m_stream = m_context.link.stream(
        &ManagementCalls::WatchEvents, request, this, [this](const std::vector<v1::Event>& events) { take(events); },
        [this](const Result<void>& over) {
            m_stream.reset();
            m_view->setNote(over.ok() ? QString() : QString::fromStdString(over.error().message), true);
            m_again.start();
        });
}

void EventTab::take(const std::vector<v1::Event>& events) {
    std::vector<Record> records;
    records.reserve(events.size());
    for (const v1::Event& event : events)
        if (event.id() > m_lastId || event.type() == "engine.events_lost") {
            records.push_back(recordOf(event));
            m_lastId = std::max(m_lastId, event.id());
        }
    m_view->add(std::move(records));
}

} // namespace mm::gui
