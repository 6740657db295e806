#include "gui/widgets/charts/time_chart.h"

#include "gui/theme/palette.h"

#include <QChart>
#include <QGraphicsLayout>
#include <QKeyEvent>
#include <QLineSeries>
#include <QMouseEvent>
#include <QValueAxis>

#include <algorithm>

namespace mm::gui {
namespace {

constexpr std::size_t kFewestPoints = 200; // of a line, where there are more; one for each pixel otherwise
constexpr double kHole = 2.5;              // steps
constexpr double kAxisWidth = 66;
constexpr double kNoAxisWidth = 12;
constexpr double kAbove = 14;
constexpr double kBelow = 22;
constexpr double kShortestDrag = 6;   // pixels
constexpr double kShortestSpan = 5e3; // ms
constexpr double kLineWidth = 1.6;
constexpr int kLowest = 132;

// Lines do not break at its blanks and slashes.
QString unbroken(const QString& word) {
    return word.toHtmlEscaped()
        .replace(QLatin1Char(' '), QStringLiteral("&nbsp;"))
        .replace(QLatin1Char('/'), QStringLiteral("&#8288;/&#8288;"));
}

} // namespace

QString legendEntry(const QColor& colour, QChar sign, const QString& word) {
    return QStringLiteral("<span style='color:%1'>%2</span>&nbsp;%3").arg(colour.name(), QString(sign), unbroken(word));
}

TimeChart::TimeChart(Theme& theme, QString title, std::vector<ChartLine> lines, double fixedTop, QWidget* parent)
    : QChartView(parent)
    , m_theme(theme)
    , m_lines(std::move(lines))
    , m_drawn(m_lines.size())
    , m_fixedTop(fixedTop)
    , m_time(new QValueAxis)
    , m_left(new QValueAxis)
    , m_right(new QValueAxis) {
    setAccessibleName(title);
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setRenderHint(QPainter::Antialiasing);
    setViewportUpdateMode(QGraphicsView::FullViewportUpdate);
    setMouseTracking(true);
    setMinimumHeight(kLowest);
    setStyleSheet(QStringLiteral("background: transparent;"));
    chart()->legend()->hide();
    chart()->setBackgroundVisible(false);
    chart()->setMargins({});
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->addAxis(m_time, Qt::AlignBottom);
    chart()->addAxis(m_left, Qt::AlignLeft);
    chart()->addAxis(m_right, Qt::AlignRight);
    for (QValueAxis* axis : {m_time, m_left, m_right})
        axis->setVisible(false); // painted here, at round values
    connect(&theme, &Theme::changed, this, &TimeChart::recolour);
}

QColor TimeChart::colourOf(const ChartLine& line) const {
    return line.modelColour < 0 ? m_theme.colour(line.role)
                                : modelColourOf(m_theme.shade(), static_cast<std::size_t>(line.modelColour));
}

QStringList TimeChart::legend() const {
    QStringList entries;
    for (std::size_t i = 0; i < m_lines.size(); ++i)
        if (!m_lines[i].isOptional || isKnown(i))
            entries << legendEntry(colourOf(m_lines[i]), QChar(u'━'), m_lines[i].title);
    return entries;
}

void TimeChart::setData(const SeriesByName& values, const TimeSpan& span, double step) {
    m_step = step;
    for (std::size_t i = 0; i < m_lines.size(); ++i) {
        const auto found = values.find(m_lines[i].series);
        m_drawn[i].points = found == values.end() ? Points() : found->second;
        drawLine(i);
    }
    setSpan(span);
}

void TimeChart::drawLine(std::size_t number) {
    Drawn& drawn = m_drawn[number];
    const auto pixels = static_cast<std::size_t>(std::max(0.0, plot().width()));
    drawn.pieces = runsOf(drawn.points, m_step * kHole);
    const std::size_t most = std::max(kFewestPoints, pixels);
    for (Points& piece : drawn.pieces) // thinned out after it was looked for holes, which thinning would make
        piece = downsampled(piece, std::max<std::size_t>(2, most * piece.size() / drawn.points.size()));
    while (drawn.runs.size() < drawn.pieces.size()) {
        auto* series = new QLineSeries(this);
        series->setPen(QPen(colourOf(m_lines[number]), kLineWidth));
        chart()->addSeries(series);
        series->attachAxis(m_time);
        series->attachAxis(m_lines[number].isRight ? m_right : m_left);
        drawn.runs.push_back(series);
    }
    for (std::size_t i = 0; i < drawn.runs.size(); ++i)
        drawn.runs[i]->replace(i < drawn.pieces.size() ? QList<QPointF>(drawn.pieces[i].begin(), drawn.pieces[i].end())
                                                       : QList<QPointF>());
}

void TimeChart::fitTops() {
    for (const bool isRight : {false, true}) {
        double highest = 0;
        for (std::size_t i = 0; i < m_lines.size(); ++i)
            if (m_lines[i].isRight == isRight)
                for (const QPointF& point : m_drawn[i].points)
                    if (point.x() >= m_span.from && point.x() <= m_span.to)
                        highest = std::max(highest, point.y());
        const double top = !isRight && m_fixedTop > 0 ? m_fixedTop : niceTop(highest);
        (isRight ? m_right : m_left)->setRange(0, top);
    }
}

void TimeChart::setSpan(const TimeSpan& span) {
    m_span = span;
    m_time->setRange(span.from, span.to);
    fitTops();
    viewport()->update();
}

void TimeChart::setMarks(std::vector<ChartMark> marks) {
    m_marks = std::move(marks);
    viewport()->update();
}

void TimeChart::point(std::optional<double> at, bool isHere) {
    m_pointer = at;
    m_isPointedHere = isHere;
    QStringList words; // what stands in the box, for those who do not see it
    if (at && isHere)
        for (const auto& [colour, text] : told(*at))
            words << text;
    setAccessibleDescription(words.join(QStringLiteral(", ")));
    viewport()->update();
}

void TimeChart::recolour() {
    for (std::size_t i = 0; i < m_lines.size(); ++i)
        for (QLineSeries* series : m_drawn[i].runs)
            series->setPen(QPen(colourOf(m_lines[i]), kLineWidth));
    viewport()->update();
}

bool TimeChart::hasRight() const {
    return std::any_of(m_lines.begin(), m_lines.end(), [](const ChartLine& line) { return line.isRight; });
}

QRectF TimeChart::plot() const {
    const QRectF all(viewport()->rect());
    return all.adjusted(kAxisWidth, kAbove, hasRight() ? -kAxisWidth : -kNoAxisWidth, -kBelow);
}

double TimeChart::xOf(double at) const {
    return plot().left() + (at - m_span.from) / m_span.length() * plot().width();
}

double TimeChart::timeAt(double x) const {
    return m_span.from + (x - plot().left()) / std::max(1.0, plot().width()) * m_span.length();
}

double TimeChart::topOf(const ChartLine& line) const {
    return (line.isRight ? m_right : m_left)->max();
}

void TimeChart::resizeEvent(QResizeEvent* event) {
    QChartView::resizeEvent(event);
    chart()->setPlotArea(plot());
    if (event->size().width() != event->oldSize().width())
        for (std::size_t i = 0; i < m_lines.size(); ++i)
            drawLine(i);
}

void TimeChart::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return event->ignore();
    setFocus(Qt::MouseFocusReason);
    m_dragFrom = m_dragTo = event->position().x();
}

void TimeChart::mouseMoveEvent(QMouseEvent* event) {
    m_dragTo = event->position().x();
    const double at = timeAt(m_dragTo);
    const bool isInside = at >= m_span.from && at <= m_span.to;
    point(isInside ? std::optional(at) : std::nullopt, true);
    Q_EMIT pointed(m_pointer);
}

void TimeChart::mouseReleaseEvent(QMouseEvent*) {
    if (!m_dragFrom)
        return;
    const auto [from, to] = std::minmax({timeAt(*m_dragFrom), timeAt(m_dragTo)});
    const bool isDrag = std::abs(*m_dragFrom - m_dragTo) >= kShortestDrag;
    m_dragFrom.reset();
    if (const TimeSpan span{std::max(from, m_span.from), std::min(to, m_span.to)};
        isDrag && span.length() >= kShortestSpan)
        Q_EMIT zoomed(span);
    viewport()->update();
}

void TimeChart::mouseDoubleClickEvent(QMouseEvent*) {
    m_dragFrom.reset();
    Q_EMIT zoomedBack();
}

void TimeChart::leaveEvent(QEvent* event) {
    point(std::nullopt, true);
    Q_EMIT pointed(std::nullopt);
    QChartView::leaveEvent(event);
}

void TimeChart::move(double by) {
    const double at = m_pointer.value_or(m_span.to) + by * std::max(m_step, m_span.length() / 100);
    point(std::clamp(at, m_span.from, m_span.to), true);
    Q_EMIT pointed(m_pointer);
}

void TimeChart::zoomBy(double factor) {
    const double centre = m_pointer.value_or((m_span.from + m_span.to) / 2);
    const TimeSpan span{centre - (centre - m_span.from) * factor, centre + (m_span.to - centre) * factor};
    if (factor > 1)
        Q_EMIT zoomedBack();
    else if (span.length() >= kShortestSpan)
        Q_EMIT zoomed(span);
}

void TimeChart::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
    case Qt::Key_Left:
        return move(-1);
    case Qt::Key_Right:
        return move(1);
    case Qt::Key_Plus:
        return zoomBy(0.5);
    case Qt::Key_Minus:
    case Qt::Key_Escape:
        return zoomBy(2);
    default:
        return QWidget::keyPressEvent(event);
    }
}

} // namespace mm::gui
