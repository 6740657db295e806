#include "gui/pages/models/details/history_chart.h"

#include "gui/pages/models/list/figures.h"
#include "gui/pages/models/list/model_row.h"
#include "gui/theme/palette.h"
#include "gui/theme/theme.h"

#include <QChart>
#include <QChartView>
#include <QDateTime>
#include <QDateTimeAxis>
#include <QGraphicsLayout>
#include <QLegend>
#include <QLineSeries>
#include <QVBoxLayout>
#include <QValueAxis>

#include <algorithm>

namespace mm::gui::models {
namespace {

double most(const QLineSeries& series) {
    double largest = 0;
    for (const QPointF& point : series.points())
        largest = std::max(largest, point.y());
    return largest;
}

QList<QPointF> pointsOf(const modelmora::v1::HistorySeries& series) {
    QList<QPointF> points;
    for (const auto& point : series.points())
        points.append({static_cast<double>(secondsOf(point.at())) * 1000, point.value()});
    return points;
}

} // namespace

HistoryChart::HistoryChart(Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_chart(new QChart)
    , m_time(new QDateTimeAxis)
    , m_ms(new QValueAxis)
    , m_rates(new QValueAxis)
    , m_p50(new QLineSeries)
    , m_p99(new QLineSeries)
    , m_rate(new QLineSeries) {
    m_p50->setName(tr("p50 ms"));
    m_p99->setName(tr("p99 ms"));
    m_rate->setName(tr("requests/s"));
    m_chart->addAxis(m_time, Qt::AlignBottom);
    m_chart->addAxis(m_ms, Qt::AlignLeft);
    m_chart->addAxis(m_rates, Qt::AlignRight);
    for (QLineSeries* series : {m_p50, m_p99, m_rate}) {
        m_chart->addSeries(series);
        series->attachAxis(m_time);
        series->attachAxis(series == m_rate ? m_rates : m_ms);
    }
    m_time->setFormat(QStringLiteral("HH:mm"));
    m_time->setTickCount(4);
    for (QValueAxis* axis : {m_ms, m_rates}) {
        axis->setTickCount(3);
        axis->setLabelFormat(QStringLiteral("%.3g"));
    }
    m_ms->setLabelFormat(QStringLiteral("%.0f"));
    m_rates->setGridLineVisible(false);
    m_chart->layout()->setContentsMargins(0, 0, 0, 0);
    m_chart->setMargins({0, 0, 0, 0});
    m_chart->setBackgroundRoundness(0);
    m_chart->legend()->setAlignment(Qt::AlignTop);
    m_chart->legend()->setMarkerShape(QLegend::MarkerShapeFromSeries);
    auto* view = new QChartView(m_chart);
    view->setRenderHint(QPainter::Antialiasing);
    view->setFrameShape(QFrame::NoFrame);
    view->setFocusPolicy(Qt::NoFocus);
    view->setMinimumHeight(120);
    view->setAccessibleName(tr("Latency and requests of the last hour"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(view);
    connect(&m_theme, &Theme::changed, this, &HistoryChart::colour);
    colour();
}

void HistoryChart::colour() {
    m_chart->setBackgroundBrush(m_theme.colour(Role::Card));
    m_chart->legend()->setLabelColor(m_theme.colour(Role::Muted));
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    m_chart->legend()->setFont(small);
    for (QAbstractAxis* axis : std::initializer_list<QAbstractAxis*>{m_time, m_ms, m_rates}) {
        axis->setLabelsColor(m_theme.colour(Role::Faint));
        axis->setLabelsFont(small);
        axis->setGridLineColor(m_theme.colour(Role::Line));
        axis->setLinePenColor(m_theme.colour(Role::Line));
    }
    m_p50->setPen(QPen(modelColourOf(m_theme.shade(), 2), 1.6));
    m_p99->setPen(QPen(modelColourOf(m_theme.shade(), 1), 1.6));
    m_rate->setPen(QPen(modelColourOf(m_theme.shade(), 0), 1.6));
}

void HistoryChart::show(const modelmora::v1::HistoryReport& report) {
    for (QLineSeries* series : {m_p50, m_p99, m_rate})
        series->clear();
    for (const auto& series : report.series()) {
        if (series.name() == kP50Series)
            m_p50->replace(pointsOf(series));
        else if (series.name() == kP99Series)
            m_p99->replace(pointsOf(series));
        else if (series.name() == kRateSeries)
            m_rate->replace(pointsOf(series));
    }
    const QDateTime now = QDateTime::currentDateTime();
    m_time->setRange(report.has_from() ? QDateTime::fromSecsSinceEpoch(secondsOf(report.from())) : now.addSecs(-3600),
                     report.has_to() ? QDateTime::fromSecsSinceEpoch(secondsOf(report.to())) : now);
    m_ms->setRange(0, std::max(1.0, std::max(most(*m_p50), most(*m_p99)) * 1.1));
    m_rates->setRange(0, std::max(1.0, most(*m_rate) * 1.1));
    for (QValueAxis* axis : {m_ms, m_rates})
        axis->applyNiceNumbers();
}

} // namespace mm::gui::models
