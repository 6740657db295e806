#include "gui/pages/playground/load_run.h"

namespace mm::gui {
namespace {

double msSince(std::chrono::steady_clock::time_point then) {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - then).count();
}

} // namespace

LoadRun::LoadRun(EngineLink& link, QObject* parent) : QObject(parent), m_link(link) {
    m_show.setInterval(kShowEvery);
    m_over.setSingleShot(true);
    connect(&m_show, &QTimer::timeout, this, &LoadRun::moved);
    connect(&m_link, &EngineLink::changed, this, [this] {
        if (m_link.state() == EngineLink::State::Closed || m_link.state() == EngineLink::State::Connecting)
            stop(); // what is under way is never answered
    });
    connect(&m_over, &QTimer::timeout, this, [this] {
        m_takesMore = false;
        if (m_open.empty())
            end();
    });
}

void LoadRun::start(v1::InferenceRequest request, int concurrency, int seconds) {
    stop();
    m_request = std::move(request);
    m_request.clear_request_id();
    m_latencies.clear();
    m_failed = 0;
    m_failedInRow = 0;
    m_lastFault.clear();
    m_began = Clock::now();
    m_isRunning = true;
    m_takesMore = true;
    m_show.start();
    m_over.start(std::chrono::seconds(seconds));
    for (int i = 0; i < concurrency; ++i)
        askNext();
}

void LoadRun::stop() {
    for (const auto& [number, call] : m_open)
        call->letGo();
    m_open.clear();
    if (m_isRunning)
        end();
}

void LoadRun::end() {
    m_seconds = msSince(m_began) / 1000;
    m_isRunning = false;
    m_takesMore = false;
    m_show.stop();
    m_over.stop();
    Q_EMIT moved();
    Q_EMIT ended();
}

double LoadRun::seconds() const {
    return m_isRunning ? msSince(m_began) / 1000 : m_seconds;
}

void LoadRun::askNext() {
    const int number = ++m_number;
    const auto began = Clock::now();
    m_open[number] = m_link.call(
        &InferenceCalls::Infer, m_request, this,
        [this, number, began](const Result<v1::InferenceResponse>& answer) {
            m_open.erase(number);
            if (answer.ok() && !answer->has_error()) {
                m_latencies.push_back(msSince(began));
                m_failedInRow = 0;
            } else {
                ++m_failed;
                m_lastFault = QString::fromStdString(answer.ok() ? answer->error().message() : answer.error().message);
                m_takesMore = m_takesMore && ++m_failedInRow < kMostFailures;
            }
            if (m_takesMore)
                askNext();
            else if (m_open.empty() && m_isRunning)
                end();
        },
        EngineLink::kLongSeconds);
}

} // namespace mm::gui
