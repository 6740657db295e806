#include "gui/pages/overview/history/live_samples.h"

#include "gui/client/engine_state.h"

#include <QDateTime>

#include <algorithm>

namespace mm::gui {
namespace {

double now() {
    return static_cast<double>(QDateTime::currentMSecsSinceEpoch());
}

constexpr double kPercent = 100;

} // namespace

LiveSamples::LiveSamples(EngineState& state, QObject* parent) : QObject(parent), m_state(state) {
    connect(&state, &EngineState::statusChanged, this, &LiveSamples::takeStatus);
    connect(&state, &EngineState::queueChanged, this, &LiveSamples::takeQueue);
    connect(&state, &EngineState::memoryChanged, this, &LiveSamples::takeMemory);
}

void LiveSamples::add(const char* name, double value) {
    Points& points = m_series[QString::fromLatin1(name)];
    const double at = now();
    if (!points.empty() && at - points.back().x() < kStep / 2)
        return; // asked sooner because of an event: one a second is enough
    points.emplace_back(at, value);
}

void LiveSamples::forget() {
    const double oldest = now() - kKept;
    for (auto& [name, points] : m_series)
        points.erase(points.begin(), std::find_if(points.begin(), points.end(),
                                                  [oldest](const QPointF& point) { return point.x() >= oldest; }));
}

void LiveSamples::takeStatus() {
    const auto& status = m_state.status();
    if (!status) {
        m_series.clear(); // another engine
        m_finished = -1;
        return;
    }
    if (status->resources().has_cpu_percent())
        add("cpu_percent", status->resources().cpu_percent());
    if (status->resources().has_memory_percent())
        add("memory_percent", status->resources().memory_percent());
    forget();
}

void LiveSamples::takeMemory() {
    double used = 0;
    double total = 0;
    const v1::MemoryLedger memory = m_state.memory().value_or(v1::MemoryLedger());
    for (const auto& device : memory.devices())
        if (device.device() != "cpu") {
            used += static_cast<double>(device.total_bytes() - device.system_available_bytes());
            total += static_cast<double>(device.total_bytes());
        }
    if (total > 0)
        add("gpu_memory_percent", kPercent * used / total);
}

void LiveSamples::takeQueue() {
    const auto& queue = m_state.queue();
    if (!queue)
        return;
    add("waiting_critical", queue->depth().critical_priority());
    add("waiting_high", queue->depth().high_priority());
    add("waiting_normal", queue->depth().medium_priority());
    add("waiting_low", queue->depth().low_priority());
    std::int64_t finished = 0;
    for (const v1::ModelQueue& model : queue->models())
        finished += model.requests_finished();
    const double at = now();
    if (m_finished >= 0 && at - m_finishedAt < kStep / 2)
        return;
    if (m_finished >= 0 && finished >= m_finished)
        add("requests_per_second", static_cast<double>(finished - m_finished) * 1e3 / (at - m_finishedAt));
    m_finished = finished;
    m_finishedAt = at;
}

} // namespace mm::gui
