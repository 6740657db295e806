#include "gui/client/engine_state.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace mm::gui {
namespace {

constexpr std::chrono::milliseconds kEvery(1000);
constexpr std::chrono::milliseconds kSoon(100);        // events come in bursts
constexpr std::chrono::milliseconds kAtMostEvery(300); // where they never end
constexpr int kPatience = 5;                           // seconds
constexpr int kPageSize = 100;

} // namespace

EngineState::EngineState(EngineLink& link, EventFeed& events, QObject* parent) : QObject(parent), m_link(link) {
    m_every.setInterval(kEvery);
    m_soon.setSingleShot(true);
    connect(&m_every, &QTimer::timeout, this, &EngineState::ask);
    connect(&m_soon, &QTimer::timeout, this, &EngineState::ask);
    connect(&events, &EventFeed::happened, this, [this](const std::vector<v1::Event>& happened) {
        for (const v1::Event& event : happened)
            m_modelsAreOld |= event.type().starts_with("model.") || event.type().starts_with("engine.");
        askSoon();
    });
    connect(&m_link, &EngineLink::changed, this, [this] {
        if (m_engine != m_link.target().name)
            reset();
        if (m_link.state() == EngineLink::State::Connecting || m_link.state() == EngineLink::State::Closed)
            m_open = 0; // what was asked before is answered no more
        if (m_link.state() != EngineLink::State::Connected)
            return m_every.stop();
        m_modelsAreOld = true;
        ask();
        if (!m_every.isActive())
            m_every.start(); // what was asked before is still to be answered
    });
}

void EngineState::reset() {
    m_engine = m_link.target().name;
    m_status.reset();
    m_memory.reset();
    m_queue.reset();
    m_models.reset();
    m_refusal.reset();
    m_open = 0;
    Q_EMIT statusChanged();
    Q_EMIT memoryChanged();
    Q_EMIT queueChanged();
    Q_EMIT modelsChanged();
}

const v1::ModelStatus* EngineState::statusOf(const std::string& modelId) const {
    if (!m_status)
        return nullptr;
    const auto& loaded = m_status->loaded_models();
    const auto found =
        std::find_if(loaded.begin(), loaded.end(), [&](const auto& each) { return each.model_id() == modelId; });
    return found == loaded.end() ? nullptr : &*found;
}

void EngineState::refresh() {
    m_modelsAreOld = true;
    askSoon();
}

void EngineState::askSoon() {
    if (m_soon.isActive())
        return;
    const auto sinceAsked = kEvery - m_every.remainingTimeAsDuration();
    m_soon.start(std::max(kSoon, kAtMostEvery - sinceAsked));
}

void EngineState::ask() {
    if (m_open > 0 || m_link.state() != EngineLink::State::Connected)
        return;      // a slow engine is not asked twice
    m_every.start(); // a second from now, where no event comes before
    const auto keep = [this](auto& place, void (EngineState::*told)()) {
        ++m_open;
        return [this, &place, told](auto answer) {
            --m_open;
            if (!answer.ok())
                return noteRefusal(answer.error());
            m_refusal.reset();
            place = std::move(answer).value();
            Q_EMIT(this->*told)();
        };
    };
    v1::GetQueueRequest queue;
    queue.set_limit(kWaitingShown);
    m_link.call(&ManagementCalls::GetSystemStatus, {}, this, keep(m_status, &EngineState::statusChanged), kPatience);
    m_link.call(&ManagementCalls::GetMemory, {}, this, keep(m_memory, &EngineState::memoryChanged), kPatience);
    m_link.call(&InferenceCalls::GetQueue, queue, this, keep(m_queue, &EngineState::queueChanged), kPatience);
    if (std::exchange(m_modelsAreOld, false)) {
        m_arriving.clear();
        askModels();
    }
}

void EngineState::noteRefusal(const Error& error) {
    if (error.code != ErrorCode::Unauthenticated && error.code != ErrorCode::PermissionDenied)
        return;
    m_refusal = error;
    Q_EMIT statusChanged();
}

void EngineState::askModels() {
    v1::ListModelsRequest request;
    request.mutable_pagination()->set_page_size(kPageSize);
    request.mutable_pagination()->set_page(static_cast<int>(m_arriving.size()) / kPageSize + 1);
    ++m_open;
    m_link.call(
        &RegistryCalls::ListModels, request, this,
        [this](Result<v1::ListModelsResponse> answer) {
            --m_open;
            if (answer.ok())
                takeModels(std::move(answer).value());
            else
                m_modelsAreOld = true;
        },
        kPatience);
}

void EngineState::takeModels(v1::ListModelsResponse page) {
    for (v1::Model& model : *page.mutable_models())
        m_arriving.push_back(std::move(model));
    if (!page.models().empty() && static_cast<int>(m_arriving.size()) < page.pagination().total())
        return askModels();
    std::sort(m_arriving.begin(), m_arriving.end(),
              [](const auto& one, const auto& other) { return one.model_id() < other.model_id(); });
    m_models = std::move(m_arriving);
    m_arriving.clear();
    Q_EMIT modelsChanged();
}

} // namespace mm::gui
