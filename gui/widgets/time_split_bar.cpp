#include "gui/widgets/time_split_bar.h"

#include "gui/theme/palette.h"
#include "gui/theme/theme.h"
#include "gui/widgets/time_text.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace mm::gui {
namespace {

constexpr int kBarHeight = 12;
constexpr int kDot = 8;
constexpr int kGap = 16;

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
    paintSplit(painter, rect(), m_split, m_split.total, m_theme);
}

TimeLegend::TimeLegend(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void TimeLegend::setSplit(const TimeSplit& split) {
    m_split = split;
    m_hasSplit = true;
    setAccessibleName(splitText(split));
    updateGeometry();
    update();
}

QString TimeLegend::textOf(std::size_t stage) const {
    return m_hasSplit ? QString(stageName(stage) % QLatin1Char(' ') % spanText(m_split.stages[stage]))
                      : stageName(stage);
}

QSize TimeLegend::sizeHint() const {
    int width = 0;
    for (std::size_t stage = 0; stage < kStages; ++stage)
        width += kDot + kDot / 2 + fontMetrics().horizontalAdvance(textOf(stage)) + kGap;
    return {width, fontMetrics().height() + 2};
}

void TimeLegend::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    int left = 0;
    for (std::size_t stage = 0; stage < kStages; ++stage) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(stageColour(m_theme, stage));
        painter.drawRoundedRect(left, (height() - kDot) / 2, kDot, kDot, 2, 2);
        left += kDot + kDot / 2;
        painter.setPen(m_theme.colour(Role::Muted));
        painter.drawText(left, 0, width() - left, height(), Qt::AlignVCenter | Qt::AlignLeft, textOf(stage));
        left += fontMetrics().horizontalAdvance(textOf(stage)) + kGap;
    }
}

} // namespace mm::gui
