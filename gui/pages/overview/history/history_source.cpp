#include "gui/pages/overview/history/history_source.h"

#include <QDateTime>

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <utility>

namespace mm::gui {
namespace {

using google::protobuf::util::TimeUtil;

constexpr int kSecond = 1'000;        // ms
constexpr int kSeldom = 60 * kSecond; // whatever the step
constexpr int kOften = 5 * kSecond;   // a span is written when it has ended
constexpr const char* kSeries[] = {"requests_per_second",
                                   "failures_per_second",
                                   "inputs_per_second",
                                   "tokens_per_second",
                                   "latency_p50_ms",
                                   "latency_p95_ms",
                                   "latency_p99_ms",
                                   "cpu_percent",
                                   "memory_percent",
                                   "models_memory_bytes",
                                   "engine_memory_bytes",
                                   "waiting",
                                   "running",
                                   "gpu_percent",
                                   "gpu_memory_percent",
                                   "gpu_celsius",
                                   "gpu_watts"};

} // namespace

HistorySource::HistorySource(EngineLink& link, QObject* parent) : QObject(parent), m_link(link) {
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &HistorySource::ask);
    connect(&link, &EngineLink::changed, this, &HistorySource::ask);
}

void HistorySource::setRange(const HistoryRange& range) {
    m_range = range;
    m_series.clear();
    if (const CallHandle before = std::exchange(m_call, nullptr))
        before->letGo();
    Q_EMIT changed();
    ask();
}

void HistorySource::setAsking(bool asking) {
    m_isAsking = asking;
    if (asking)
        ask();
    else {
        m_again.stop();
        if (const CallHandle before = std::exchange(m_call, nullptr))
            before->letGo(); // what is shown stays as it is
    }
}

void HistorySource::ask() {
    if (!m_isAsking || m_call || m_link.state() != EngineLink::State::Connected)
        return;
    const auto now = QDateTime::currentMSecsSinceEpoch();
    v1::GetHistoryRequest request;
    const auto margin = std::int64_t{2} * m_range.step * kSecond;
    *request.mutable_from() =
        TimeUtil::MillisecondsToTimestamp(now - static_cast<std::int64_t>(m_range.length) - margin);
    *request.mutable_to() = TimeUtil::MillisecondsToTimestamp(now);
    request.set_resolution_seconds(m_range.step);
    for (const char* name : kSeries)
        request.add_series(name);
    m_call =
        m_link.call(&ObservabilityCalls::GetHistory, request, this, [this](const Result<v1::HistoryReport>& report) {
            m_call.reset();
            m_again.start(std::clamp(m_range.step * kSecond / 2, kOften, kSeldom));
            if (report.ok())
                take(*report);
        });
}

void HistorySource::take(const v1::HistoryReport& report) {
    m_series.clear();
    for (const v1::HistorySeries& series : report.series()) {
        Points& points = m_series[QString::fromStdString(series.name())];
        points.reserve(static_cast<std::size_t>(series.points_size()));
        for (const v1::HistoryPoint& point : series.points())
            points.emplace_back(static_cast<double>(TimeUtil::TimestampToMilliseconds(point.at())), point.value());
    }
    Q_EMIT changed();
}

} // namespace mm::gui
