#include "gui/pages/models/list/model_watch.h"

#include "gui/client/engine_link.h"

#include <QDateTime>

#include <algorithm>
#include <chrono>

namespace mm::gui::models {
namespace {

constexpr std::chrono::milliseconds kBetween(200);
constexpr qint64 kEvery = 10'000; // ms; the finest resolution of the history
constexpr int kMinutes = 15;

v1::GetHistoryRequest historyOf(const std::string& id) {
    v1::GetHistoryRequest request;
    request.set_model_id(id);
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    request.mutable_from()->set_seconds(now - kMinutes * 60);
    request.mutable_to()->set_seconds(now);
    for (const char* series : {kRateSeries, kP50Series, kP95Series, kP99Series})
        request.add_series(series);
    return request;
}

} // namespace

ModelWatch::ModelWatch(EngineLink& link, QObject* parent) : QObject(parent), m_link(link) {
    m_timer.setInterval(kBetween);
    connect(&m_timer, &QTimer::timeout, this, &ModelWatch::askNext);
    connect(&m_link, &EngineLink::changed, this, [this, engine = QString()]() mutable {
        if (std::exchange(engine, m_link.target().name) == m_link.target().name)
            return;
        m_learned.clear();
        m_askedAt.clear();
    });
}

void ModelWatch::look(std::vector<std::string> ids) {
    m_ids = std::move(ids);
}

void ModelWatch::setSeen(bool seen) {
    if (!seen)
        return m_timer.stop();
    m_timer.start();
    askNext();
}

void ModelWatch::forget(const std::string& id) {
    m_askedAt.erase(id);
}

void ModelWatch::askNext() {
    if (m_link.state() != EngineLink::State::Connected)
        return;
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    const auto askedAt = [this](const std::string& id) {
        const auto found = m_askedAt.find(id);
        return found == m_askedAt.end() ? 0 : found->second;
    };
    const auto oldest = std::min_element(
        m_ids.begin(), m_ids.end(), [&](const auto& one, const auto& other) { return askedAt(one) < askedAt(other); });
    if (oldest == m_ids.end() || now - askedAt(*oldest) < kEvery)
        return;
    m_askedAt[*oldest] = now;
    ask(*oldest);
}

void ModelWatch::ask(const std::string& id) {
    m_link.call(&ObservabilityCalls::GetHistory, historyOf(id), this, [this, id](const Result<v1::HistoryReport>& got) {
        if (!got.ok())
            return;
        learn(*got, m_learned[id]);
        Q_EMIT changed();
    });
    v1::GetModelStatusRequest status;
    status.set_model_id(id);
    m_link.call(&ManagementCalls::GetModelStatus, status, this, [this, id](Result<v1::ModelStatus> got) {
        if (!got.ok())
            return;
        m_learned[id].status = std::move(got).value();
        Q_EMIT changed();
    });
    if (m_learned[id].predictedBytes > 0)
        return;
    v1::PlanLoadRequest plan;
    plan.set_model_id(id);
    m_link.call(&ManagementCalls::PlanLoad, plan, this, [this, id](const Result<v1::LoadPlan>& got) {
        if (!got.ok())
            return;
        std::int64_t needed = 0;
        for (const v1::DeviceNeed& device : got->devices())
            needed += device.needed_bytes();
        m_learned[id].predictedBytes = needed;
        Q_EMIT changed();
    });
}

} // namespace mm::gui::models
