// HistoryPanel: how it went, in charts over one range of time. GUI thread.
#pragma once

#include "gui/pages/overview/history/chart_card.h"
#include "gui/pages/overview/history/history_source.h"
#include "gui/pages/overview/history/live_samples.h"

#include <QWidget>

class QHBoxLayout;
class QToolButton;
class QMenu;

namespace mm::gui {

class Happenings;
struct PageContext;

class HistoryPanel : public QWidget {
    Q_OBJECT

public:
    HistoryPanel(const PageContext& context, const Happenings& happenings, QWidget* parent = nullptr);

    void setSeen(bool seen);
    void setRange(std::size_t number);
    // As it is shown: for files and for tests.
    [[nodiscard]] QString csv() const;
    [[nodiscard]] const std::vector<ChartCard*>& cards() const { return m_cards; }

private:
    ChartCard* addCard(const QString& title, std::vector<ChartLine> lines, double fixedTop = 0);
    void makeCards();
    QWidget* makeRanges();
    QWidget* makeTools();
    void fillMenu(QMenu& menu);
    void follow(TimeChart* chart);
    void redraw();
    void showMarks();
    void zoom(const TimeSpan& span);
    void zoomBack();
    void setPaused(bool paused);
    void save(const QString& ending);
    void write(const QString& path);
    [[nodiscard]] TimeSpan span() const;
    [[nodiscard]] bool isLive() const;
    [[nodiscard]] SeriesByName data() const;

    const PageContext& m_context;
    const Happenings& m_happenings;
    HistorySource m_history;
    LiveSamples m_live;
    QTimer m_everySecond;
    std::vector<ChartCard*> m_cards;
    QToolButton* m_pause = nullptr;
    QToolButton* m_back = nullptr;
    TimeSpan m_whole; // as it was last drawn
    std::optional<TimeSpan> m_zoom;
    bool m_isSeen = false;
    bool m_isPaused = false;
};

} // namespace mm::gui
