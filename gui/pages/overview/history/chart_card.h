// ChartCard: a chart with its title and legend. GUI thread.
#pragma once

#include "gui/widgets/charts/time_chart.h"

#include <QFrame>

class QLabel;

namespace mm::gui {

class ChartCard : public QFrame {
    Q_OBJECT

public:
    ChartCard(Theme& theme, const QString& title, std::vector<ChartLine> lines, double fixedTop = 0,
              QWidget* parent = nullptr);

    [[nodiscard]] TimeChart* chart() const { return m_chart; }
    void setData(const SeriesByName& data, const TimeSpan& span, double step);
    // Also what the marks in its chart mean.
    void explainMarks();

    // Not shown before something is known of any of its lines.
    void setOptional();

private:
    void writeLegend();

    Theme& m_theme;
    TimeChart* m_chart = nullptr;
    QLabel* m_legend = nullptr;
    bool m_explainsMarks = false;
    bool m_isOptional = false;
};

} // namespace mm::gui
