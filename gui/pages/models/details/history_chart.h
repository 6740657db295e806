// HistoryChart: latency (left) and requests a second (right) of one model over time, small. GUI thread.
#pragma once

#include "modelmora/v1/observability.pb.h"

#include <QWidget>

class QChart;
class QChartView;
class QDateTimeAxis;
class QLineSeries;
class QValueAxis;

namespace mm::gui {
class Theme;
} // namespace mm::gui

namespace mm::gui::models {

class HistoryChart : public QWidget {
    Q_OBJECT

public:
    explicit HistoryChart(Theme& theme, QWidget* parent = nullptr);

    void show(const modelmora::v1::HistoryReport& report);
    using QWidget::show;

private:
    void colour();

    Theme& m_theme;
    QChart* m_chart = nullptr;
    QDateTimeAxis* m_time = nullptr;
    QValueAxis* m_ms = nullptr;
    QValueAxis* m_rates = nullptr;
    QLineSeries* m_p50 = nullptr;
    QLineSeries* m_p99 = nullptr;
    QLineSeries* m_rate = nullptr;
};

} // namespace mm::gui::models
