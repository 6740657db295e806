// LiveSamples: what the engine's state said second by second, for the ranges that the history is too coarse for and for
// what it does not keep. GUI thread.
#pragma once

#include "gui/widgets/charts/time_series.h"

#include <QObject>

namespace mm::gui {

class EngineState;

class LiveSamples : public QObject {
    Q_OBJECT

public:
    explicit LiveSamples(EngineState& state, QObject* parent = nullptr);

    static constexpr double kStep = 1'000;     // ms
    static constexpr double kKept = 20 * 60e3; // ms

    // "requests_per_second", "cpu_percent", "memory_percent", "waiting_critical" … "waiting_low", and, where there are
    // GPUs, "gpu_memory_percent" of all together.
    [[nodiscard]] const SeriesByName& series() const { return m_series; }

private:
    void takeStatus();
    void takeQueue();
    void takeMemory();
    void add(const char* name, double value);
    void forget();

    EngineState& m_state;
    SeriesByName m_series;
    std::int64_t m_finished = -1; // requests, when last asked
    double m_finishedAt = 0;
};

} // namespace mm::gui
