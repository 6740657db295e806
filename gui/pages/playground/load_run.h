// LoadRun: asks one request again and again, so many at a time, for so long. Each answer brings the next request, so
// the GUI waits for none. GUI thread.
#pragma once

#include "gui/client/engine_link.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <map>
#include <vector>

namespace mm::gui {

class LoadRun : public QObject {
    Q_OBJECT

public:
    explicit LoadRun(EngineLink& link, QObject* parent = nullptr);

    void start(v1::InferenceRequest request, int concurrency, int seconds);
    // What is under way is cancelled and not counted.
    void stop();

    [[nodiscard]] bool isRunning() const { return m_isRunning; }
    [[nodiscard]] double seconds() const; // so far
    [[nodiscard]] const std::vector<double>& latencies() const { return m_latencies; }
    [[nodiscard]] int failed() const { return m_failed; }
    [[nodiscard]] const QString& lastFault() const { return m_lastFault; }

Q_SIGNALS:
    // Some times a second while it runs.
    void moved();
    void ended();

private:
    using Clock = std::chrono::steady_clock;

    void askNext();
    void end();

    static constexpr std::chrono::milliseconds kShowEvery{250};
    static constexpr int kMostFailures = 50; // in a row: the rest would fail as well

    EngineLink& m_link;
    QTimer m_show;
    QTimer m_over;
    bool m_isRunning = false;
    bool m_takesMore = false;
    v1::InferenceRequest m_request;
    Clock::time_point m_began;
    double m_seconds = 0;
    int m_number = 0;
    std::map<int, CallHandle> m_open;
    std::vector<double> m_latencies;
    int m_failed = 0;
    int m_failedInRow = 0;
    QString m_lastFault;
};

} // namespace mm::gui
