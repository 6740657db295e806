#include "gui/pages/models/load/plan_bar.h"

#include "gui/pages/models/say.h"
#include "gui/theme/theme.h"
#include "gui/widgets/figures.h"

#include <QPainter>
#include <QPainterPath>

namespace mm::gui::models {
namespace {

constexpr int kHeight = 26;
constexpr int kOver = 5; // the line stands out above and below

struct Part {
    std::int64_t bytes;
    QColor colour;
    QString name;
    bool isHatched;
};

} // namespace

PlanBarView::PlanBarView(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setMinimumHeight(kHeight + 2 * kOver + fontMetrics().height());
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Memory of the device"));
}

void PlanBarView::show(const PlanBar& bar, const std::string& modelId) {
    m_bar = bar;
    m_modelId = modelId;
    const QString words = tr("%1 held by models, %2 by other programs, %3 needed; models may reach %4 of %5")
                              .arg(bytesText(bar.staying + bar.leaving), bytesText(bar.other), bytesText(bar.needed),
                                   bytesText(bar.limit - bar.other), bytesText(bar.total));
    setAccessibleDescription(words);
    setToolTip(words);
    setVisible(bar.total > 0);
    update();
}

void PlanBarView::paintEvent(QPaintEvent*) {
    if (m_bar.total <= 0)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    small.setWeight(QFont::DemiBold);
    painter.setFont(small);
    const QRectF all(0, kOver, width(), kHeight);
    QPainterPath corners;
    corners.addRoundedRect(all, 7, 7);
    painter.setClipPath(corners);
    painter.fillRect(all, m_theme.colour(Role::Free));
    const Part parts[] = {{m_bar.staying, m_theme.colour(Role::Accent), tr("loaded now"), false},
                          {m_bar.leaving, m_theme.colour(Role::Accent).lighter(140), tr("would go"), true},
                          {m_bar.other, m_theme.colour(Role::OtherPrograms), tr("other programs"), false},
                          {m_bar.needed, m_theme.modelColour(m_modelId), shortName(m_modelId), true}};
    double left = 0;
    for (const Part& part : parts) {
        if (part.bytes <= 0)
            continue;
        const double wide = all.width() * static_cast<double>(part.bytes) / static_cast<double>(m_bar.total);
        const QRectF box(left, all.top(), wide, kHeight);
        painter.fillRect(box.adjusted(0, 0, -1, 0), part.colour);
        if (part.isHatched)
            painter.fillRect(box.adjusted(0, 0, -1, 0), QBrush(QColor(255, 255, 255, 80), Qt::BDiagPattern));
        const QFontMetricsF metrics(small);
        painter.setPen(m_theme.shade() == Shade::Light ? Qt::white : QColor(0x10, 0x13, 0x15));
        if (metrics.horizontalAdvance(part.name) + 8 < wide)
            painter.drawText(box, Qt::AlignCenter, part.name);
        left += wide;
    }
    painter.setClipping(false);
    const double limit = all.width() * static_cast<double>(m_bar.limit) / static_cast<double>(m_bar.total);
    painter.setPen(QPen(m_theme.colour(Role::Bad), 2));
    painter.drawLine(QPointF(limit - 1, 0), QPointF(limit - 1, kHeight + 2 * kOver));
    painter.setPen(m_theme.colour(Role::Bad));
    const QRectF under(0, kHeight + 2 * kOver, width(), QFontMetricsF(small).height());
    const bool isRight = limit > width() * 0.7;
    painter.drawText(isRight ? QRectF(0, under.top(), limit, under.height())
                             : QRectF(limit - 1, under.top(), width() - limit, under.height()),
                     isRight ? Qt::AlignRight : Qt::AlignLeft, tr("budget"));
}

} // namespace mm::gui::models
