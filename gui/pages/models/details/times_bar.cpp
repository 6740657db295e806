#include "gui/pages/models/details/times_bar.h"

#include "gui/pages/models/list/figures.h"
#include "gui/theme/palette.h"
#include "gui/theme/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <numeric>

namespace mm::gui::models {
namespace {

constexpr int kBar = 10;
constexpr int kSwatch = 10;
constexpr int kGap = 8;
constexpr int kRows = 4; // of two columns, the total last

QString nameOf(std::size_t part) {
    switch (static_cast<Part>(part)) {
    case Part::Queue:
        return Say::tr("queue");
    case Part::Load:
        return Say::tr("load");
    case Part::BatchWait:
        return Say::tr("batch wait");
    case Part::Tokenize:
        return Say::tr("tokenize");
    case Part::Compute:
        return Say::tr("compute");
    case Part::Send:
        break;
    }
    return Say::tr("send");
}

QColor colourOf(const Theme& theme, std::size_t part) {
    static constexpr std::array<std::size_t, kParts> kColours{4, 3, 5, 1, 0, 0};
    return static_cast<Part>(part) == Part::Send ? theme.colour(Role::OtherPrograms)
                                                 : modelColourOf(theme.shade(), kColours.at(part));
}

} // namespace

TimesBar::TimesBar(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize TimesBar::sizeHint() const {
    return {280, kBar + kGap + kRows * (fontMetrics().height() + kGap)};
}

void TimesBar::show(const RequestTimes& times) {
    if (times == m_times)
        return;
    m_times = times;
    QStringList words;
    for (std::size_t i = 0; i < kParts; ++i)
        words += nameOf(i) + QLatin1Char(' ') + duration(times.medianMs[i]);
    setAccessibleName(words.join(QStringLiteral(", ")));
    update();
}

void TimesBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath corners;
    corners.addRoundedRect(QRectF(0, 0, width(), kBar), 4, 4);
    painter.save();
    painter.setClipPath(corners);
    painter.fillRect(QRectF(0, 0, width(), kBar), m_theme.colour(Role::Free));
    const double sum = std::accumulate(m_times.medianMs.begin(), m_times.medianMs.end(), 0.0);
    double left = 0;
    for (std::size_t i = 0; i < kParts && sum > 0; ++i) {
        const double wide = width() * m_times.medianMs[i] / sum;
        painter.fillRect(QRectF(left, 0, wide, kBar), colourOf(m_theme, i));
        left += wide;
    }
    painter.restore();
    const int line = fontMetrics().height() + kGap;
    const int half = width() / 2 - kGap;
    const auto cell = [&](std::size_t at) {
        return QRect(at % 2 == 0 ? 0 : half + 2 * kGap, kBar + kGap + static_cast<int>(at / 2) * line, half, line);
    };
    for (std::size_t i = 0; i < kParts; ++i) {
        const QRect where = cell(i);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colourOf(m_theme, i));
        painter.drawRoundedRect(QRectF(where.left(), where.center().y() - kSwatch / 2.0, kSwatch, kSwatch), 3, 3);
        painter.setPen(m_theme.colour(Role::Text));
        painter.drawText(where.adjusted(kSwatch + 7, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, nameOf(i));
        painter.drawText(where, Qt::AlignRight | Qt::AlignVCenter,
                         m_times.requests > 0 ? duration(m_times.medianMs[i]) : nothing());
    }
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    painter.setFont(bold);
    painter.drawText(cell(kParts + 1), Qt::AlignLeft | Qt::AlignVCenter, Say::tr("total"));
    painter.drawText(cell(kParts + 1), Qt::AlignRight | Qt::AlignVCenter,
                     m_times.requests > 0 ? duration(m_times.totalMs) : nothing());
}

} // namespace mm::gui::models
