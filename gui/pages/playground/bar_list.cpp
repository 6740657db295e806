#include "gui/pages/playground/bar_list.h"

#include "gui/theme/theme.h"
#include "gui/widgets/time_text.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>

namespace mm::gui {
namespace {

constexpr int kLine = 30;
constexpr int kNumber = 76;
constexpr int kGap = 12;
constexpr int kAxis = 22;

} // namespace

BarList::BarList(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {}

void BarList::setBars(std::vector<Bar> bars) {
    m_bars = std::move(bars);
    QStringList said;
    for (const Bar& bar : m_bars)
        said << QString(bar.name % QLatin1Char(' ') % QLocale().toString(bar.value, 'f', 4));
    setAccessibleName(said.join(QStringLiteral(", ")));
    updateGeometry();
    update();
}

QSize BarList::sizeHint() const {
    return {420, static_cast<int>(m_bars.size()) * kLine};
}

// Bars begin at zero, or at the lowest where that lies below it.
void BarList::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    double lowest = 0;
    double highest = 0;
    for (const Bar& bar : m_bars) {
        lowest = std::min(lowest, bar.value);
        highest = std::max(highest, bar.value);
    }
    const double span = highest > lowest ? highest - lowest : 1;
    const int name = width() * 45 / 100;
    const double room = width() - name - kNumber - 2 * kGap;
    int top = 0;
    for (const Bar& bar : m_bars) {
        painter.setPen(m_theme.colour(Role::Text));
        painter.drawText(QRect(0, top, name, kLine), Qt::AlignVCenter | Qt::AlignLeft,
                         fontMetrics().elidedText(bar.name, Qt::ElideRight, name));
        painter.drawText(QRect(width() - kNumber, top, kNumber, kLine), Qt::AlignVCenter | Qt::AlignRight,
                         QLocale().toString(bar.value, 'f', 4));
        painter.setPen(Qt::NoPen);
        const QRectF track(name + kGap, top + kLine / 2.0 - 4, room, 8);
        painter.setBrush(m_theme.colour(Role::Free));
        painter.drawRoundedRect(track, 3, 3);
        painter.setBrush(m_theme.colour(Role::Accent));
        painter.drawRoundedRect(QRectF(track.topLeft(), QSizeF(room * (bar.value - lowest) / span, 8)), 3, 3);
        top += kLine;
    }
}

HistogramView::HistogramView(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setMinimumHeight(120);
    setAccessibleName(tr("How many requests took how long"));
}

void HistogramView::setHistogram(Histogram histogram) {
    m_histogram = std::move(histogram);
    update();
}

void HistogramView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const QRectF area(0, 6, width(), height() - kAxis - 6);
    painter.setPen(m_theme.colour(Role::Line));
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    const auto& counts = m_histogram.counts;
    const int most = counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
    if (most == 0)
        return;
    const double wide = area.width() / static_cast<double>(counts.size());
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const double high = area.height() * counts[i] / most;
        painter.fillRect(QRectF(area.left() + static_cast<double>(i) * wide + 1, area.bottom() - high, wide - 2, high),
                         m_theme.colour(Role::Accent));
    }
    painter.setPen(m_theme.colour(Role::Muted));
    const QRectF axis(0, area.bottom(), area.width(), kAxis);
    painter.drawText(axis, Qt::AlignLeft | Qt::AlignVCenter, spanText(0));
    painter.drawText(axis, Qt::AlignHCenter | Qt::AlignVCenter,
                     spanText(m_histogram.width * static_cast<double>(counts.size()) / 2));
    painter.drawText(axis, Qt::AlignRight | Qt::AlignVCenter,
                     tr("%1 and slower").arg(spanText(m_histogram.width * static_cast<double>(counts.size()))));
}

} // namespace mm::gui
