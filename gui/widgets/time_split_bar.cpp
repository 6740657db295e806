#include "gui/widgets/time_split_bar.h"

#include "gui/theme/palette.h"
#include "gui/theme/theme.h"
#include "gui/widgets/time_text.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <numeric>

namespace mm::gui {
namespace {

constexpr int kBarHeight = 12;
constexpr int kDot = 8;
constexpr int kGap = 16;
constexpr int kColumn = 140;
constexpr int kNarrowColumn = 104;

} // namespace

QColor stageColour(const Theme& theme, std::size_t stage) {
    constexpr std::array<std::size_t, kStages> kColours{1, 4, 3, 5, 0, 2};
    return modelColourOf(theme.shade(), kColours.at(stage));
}

void paintSplit(QPainter& painter, const QRectF& into, const TimeSplit& split, double scale, const Theme& theme) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath rounded;
    rounded.addRoundedRect(into, 3, 3);
    painter.setClipPath(rounded);
    painter.fillRect(into, theme.colour(Role::Free));
    if (scale > 0) {
        const double width = into.width() * std::min(1.0, split.total / scale);
        painter.fillRect(QRectF(into.left(), into.top(), width, into.height()), theme.colour(Role::OtherPrograms));
        double left = into.left();
        for (std::size_t stage = 0; stage < kStages; ++stage) {
            const double wide = into.width() * split.stages[stage] / scale;
            painter.fillRect(QRectF(left, into.top(), wide, into.height()), stageColour(theme, stage));
            left += wide;
        }
    }
    painter.restore();
}

TimeSplitBar::TimeSplitBar(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Where the time went"));
}

void TimeSplitBar::setSplit(const TimeSplit& split) {
    m_split = split;
    setToolTip(splitText(split));
    setAccessibleDescription(splitText(split));
    update();
}

QSize TimeSplitBar::sizeHint() const {
    return {200, kBarHeight};
}

void TimeSplitBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const double sum = std::accumulate(m_split.stages.begin(), m_split.stages.end(), 0.0);
    paintSplit(painter, rect(), m_split, std::max(m_split.total, sum), m_theme);
}

TimeLegend::TimeLegend(Theme& theme, QWidget* parent, int columns)
    : QWidget(parent), m_theme(theme), m_columns(columns) {
    QSizePolicy policy(columns > 0 ? QSizePolicy::Expanding : QSizePolicy::Preferred,
                       columns > 0 ? QSizePolicy::Fixed : QSizePolicy::Preferred);
    policy.setHeightForWidth(columns == 0);
    setSizePolicy(policy);
}

void TimeLegend::setSplit(const std::optional<TimeSplit>& split) {
    m_split = split;
    setAccessibleName(split ? splitText(*split) : QString());
    updateGeometry();
    update();
}

QString TimeLegend::textOf(std::size_t stage) const {
    return m_split ? QString(stageName(stage) % QLatin1Char(' ') % spanText(m_split->stages[stage])) : stageName(stage);
}

QSize TimeLegend::sizeHint() const {
    if (m_columns > 0) {
        const int rows = (static_cast<int>(kStages) + m_columns) / m_columns;
        return {m_columns * kColumn, rows * (fontMetrics().height() + kGap / 2)};
    }
    const QRect last = flow(QWIDGETSIZE_MAX).back();
    return {last.right() + 1, last.height()};
}

QSize TimeLegend::minimumSizeHint() const {
    if (m_columns > 0)
        return {m_columns * kNarrowColumn, sizeHint().height()};
    int widest = 0;
    for (const QRect& entry : flow(QWIDGETSIZE_MAX))
        widest = std::max(widest, entry.width());
    return {widest, fontMetrics().height() + 2};
}

int TimeLegend::heightForWidth(int width) const {
    return m_columns > 0 ? -1 : flow(width).back().bottom() + 1;
}

std::vector<QRect> TimeLegend::flow(int width) const {
    std::vector<QRect> entries;
    const int high = fontMetrics().height() + 2;
    QPoint at;
    for (std::size_t stage = 0; stage < kStages; ++stage) {
        const int wide = kDot + kDot / 2 + fontMetrics().horizontalAdvance(textOf(stage));
        if (at.x() > 0 && at.x() + wide > width)
            at = {0, at.y() + high};
        entries.emplace_back(at, QSize(wide, high));
        at.rx() += wide + kGap;
    }
    return entries;
}

void TimeLegend::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    if (m_columns > 0)
        paintColumns(painter);
    else
        paintLines(painter);
}

void TimeLegend::paintLines(QPainter& painter) {
    const std::vector<QRect> entries = flow(width());
    for (std::size_t stage = 0; stage < kStages; ++stage) {
        const QRect& entry = entries[stage];
        painter.setPen(Qt::NoPen);
        painter.setBrush(stageColour(m_theme, stage));
        painter.drawRoundedRect(entry.left(), entry.center().y() - kDot / 2 + 1, kDot, kDot, 2, 2);
        painter.setPen(m_theme.colour(Role::Muted));
        painter.drawText(entry.adjusted(kDot + kDot / 2, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, textOf(stage));
    }
}

void TimeLegend::paintColumns(QPainter& painter) {
    const int line = fontMetrics().height() + kGap / 2;
    const int wide = (width() - (m_columns - 1) * kGap) / m_columns;
    const auto row = [&](std::size_t number, const QString& name, std::optional<double> ms) {
        const auto at = static_cast<int>(number);
        const QRect where(at % m_columns * (wide + kGap), at / m_columns * line, wide, line);
        painter.setPen(m_theme.colour(Role::Text));
        const QString value = ms ? spanText(*ms) : kNothing;
        painter.drawText(where, Qt::AlignRight | Qt::AlignVCenter, value);
        const int room = wide - kDot - kDot / 2 - painter.fontMetrics().horizontalAdvance(value) - kGap / 2;
        painter.drawText(where.adjusted(number < kStages ? kDot + kDot / 2 : 0, 0, 0, 0),
                         Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(name, Qt::ElideRight, room));
        return where;
    };
    for (std::size_t stage = 0; stage < kStages; ++stage) {
        const QRect where =
            row(stage, stageName(stage), m_split ? std::optional(m_split->stages[stage]) : std::nullopt);
        painter.setPen(Qt::NoPen);
        painter.setBrush(stageColour(m_theme, stage));
        painter.drawRoundedRect(where.left(), where.center().y() - kDot / 2 + 1, kDot, kDot, 2, 2);
    }
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    painter.setFont(bold);
    // At the right of the last line, where sums stand.
    const std::size_t last = (kStages / static_cast<std::size_t>(m_columns) + 1) * static_cast<std::size_t>(m_columns);
    row(last - 1, tr("total"), m_split ? std::optional(m_split->total) : std::nullopt);
}

} // namespace mm::gui
