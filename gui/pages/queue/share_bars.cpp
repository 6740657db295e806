#include "gui/pages/queue/share_bars.h"

#include "gui/theme/palette.h"
#include "gui/theme/theme.h"
#include "gui/widgets/time_text.h"

#include <QLocale>
#include <QPainter>

namespace mm::gui {
namespace {

constexpr int kBar = 5;
constexpr int kBetween = 16;
constexpr std::size_t kMost = 6;
constexpr int kPercent = 100;

QString partText(double part) {
    return part > 0 && part < 0.005 ? QStringLiteral("< 1 %")
                                    : QString(QLocale().toString(qRound(part * kPercent)) % QStringLiteral(" %"));
}

QColor clientColour(const Theme& theme, std::size_t number) {
    constexpr std::array<std::size_t, kModelColours> kColours{0, 1, 4, 3, 2, 5};
    return modelColourOf(theme.shade(), kColours.at(number % kModelColours));
}

} // namespace

ShareBars::ShareBars(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ShareBars::setShares(std::vector<FairShare> shares) {
    m_more = static_cast<int>(shares.size() > kMost ? shares.size() - kMost : 0);
    shares.resize(std::min(shares.size(), kMost));
    const bool isTaller = shares.size() != m_shares.size();
    m_shares = std::move(shares);
    QStringList said;
    for (const FairShare& share : m_shares)
        said << QString(QString::fromStdString(share.client) % QLatin1Char(' ') % partText(share.part));
    setAccessibleName(said.join(QStringLiteral(", ")));
    if (isTaller)
        updateGeometry();
    update();
}

int ShareBars::lineHeight() const {
    return fontMetrics().height() + kBar + 6 + kBetween;
}

QSize ShareBars::sizeHint() const {
    const int lines = std::max<int>(1, static_cast<int>(m_shares.size()));
    return {180, lines * lineHeight() + (m_more > 0 ? fontMetrics().height() : 0)};
}

void ShareBars::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int text = fontMetrics().height();
    if (m_shares.empty()) {
        painter.setPen(m_theme.colour(Role::Muted));
        painter.drawText(rect(), Qt::AlignTop | Qt::AlignLeft, tr("Nobody has asked yet."));
        return;
    }
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    int top = 0;
    for (std::size_t i = 0; i < m_shares.size(); ++i, top += lineHeight()) {
        const FairShare& share = m_shares[i];
        const QRect line(0, top, width(), text);
        painter.setFont(bold);
        painter.setPen(m_theme.colour(Role::Text));
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, share.part > 0 ? partText(share.part) : kNothing);
        painter.setFont(font());
        const QString weight = tr("weight %1").arg(QLocale().toString(share.weight));
        const int room = width() - fontMetrics().horizontalAdvance(weight) - 64;
        const QString name = fontMetrics().elidedText(QString::fromStdString(share.client), Qt::ElideMiddle, room);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, name);
        painter.setPen(m_theme.colour(Role::Muted));
        painter.drawText(line.adjusted(fontMetrics().horizontalAdvance(name) + 5, 0, 0, 0),
                         Qt::AlignLeft | Qt::AlignVCenter, weight);
        painter.setPen(Qt::NoPen);
        const QRectF bar(0, top + text + 6, width(), kBar);
        painter.setBrush(m_theme.colour(Role::Free));
        painter.drawRoundedRect(bar, 2, 2);
        painter.setBrush(clientColour(m_theme, i));
        painter.drawRoundedRect(QRectF(bar.topLeft(), QSizeF(bar.width() * share.part, kBar)), 2, 2);
    }
    if (m_more > 0) {
        painter.setPen(m_theme.colour(Role::Muted));
        painter.drawText(QRect(0, top, width(), text), Qt::AlignLeft, tr("and %n more", nullptr, m_more));
    }
}

} // namespace mm::gui
