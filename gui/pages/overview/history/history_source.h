// HistorySource: the engine's history over one range, asked for again as it grows, and only while somebody looks. GUI
// thread.
#pragma once

#include "gui/client/engine_link.h"
#include "gui/widgets/charts/time_series.h"

#include <QObject>
#include <QTimer>

#include <array>

namespace mm::gui {

struct HistoryRange {
    const char* title; // to be translated in "overview"
    double length;     // ms
    int step;          // seconds; what the engine keeps so far back
};

inline constexpr std::array kHistoryRanges{
    HistoryRange{QT_TRANSLATE_NOOP("overview", "1 min"), 60e3, 10},
    HistoryRange{QT_TRANSLATE_NOOP("overview", "15 min"), 15 * 60e3, 10},
    HistoryRange{QT_TRANSLATE_NOOP("overview", "1 h"), 3600e3, 10},
    HistoryRange{QT_TRANSLATE_NOOP("overview", "24 h"), 24 * 3600e3, 60},
    HistoryRange{QT_TRANSLATE_NOOP("overview", "7 d"), 7 * 24 * 3600e3, 900},
};

class HistorySource : public QObject {
    Q_OBJECT

public:
    explicit HistorySource(EngineLink& link, QObject* parent = nullptr);

    void setRange(const HistoryRange& range);
    void setAsking(bool asking);
    [[nodiscard]] const HistoryRange& range() const { return m_range; }
    [[nodiscard]] const SeriesByName& series() const { return m_series; }

Q_SIGNALS:
    void changed();

private:
    void ask();
    void take(const v1::HistoryReport& report);

    EngineLink& m_link;
    HistoryRange m_range = kHistoryRanges[1];
    SeriesByName m_series;
    QTimer m_again;
    CallHandle m_call;
    bool m_isAsking = false;
};

} // namespace mm::gui
