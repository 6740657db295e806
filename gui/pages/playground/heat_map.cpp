#include "gui/pages/playground/heat_map.h"

#include "gui/pages/playground/similarity.h"
#include "gui/theme/theme.h"

#include <QHelpEvent>
#include <QLocale>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cstdlib>

namespace mm::gui {
namespace {

constexpr int kNumbers = 20;
constexpr double kLargest = 64;
constexpr double kRoomForText = 34;

// What can be read on it: of the two, the one that is further from it.
QColor readable(const QColor& on, const QColor& one, const QColor& other) {
    const auto apart = [&](const QColor& colour) { return std::abs(qGray(colour.rgb()) - qGray(on.rgb())); };
    return apart(one) >= apart(other) ? one : other;
}

QColor between(const QColor& low, const QColor& high, double part) {
    const auto mix = [part](int one, int other) { return one + qRound((other - one) * part); };
    return {mix(low.red(), high.red()), mix(low.green(), high.green()), mix(low.blue(), high.blue())};
}

} // namespace

HeatMap::HeatMap(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setAccessibleName(tr("Similarity of each text to each"));
}

void HeatMap::setValues(std::vector<double> values, QStringList names) {
    m_values = std::move(values);
    m_names = std::move(names);
    update();
}

// The width of the texts at the left.
int HeatMap::names() const {
    constexpr int kMost = 260;
    return std::min(kMost, width() * 2 / 5);
}

double HeatMap::side() const {
    const auto count = std::max<double>(1, static_cast<double>(m_names.size()));
    return std::clamp(std::min((width() - names()) / count, (height() - kNumbers) / count), 2.0, kLargest);
}

QRectF HeatMap::cell(int row, int column) const {
    const double wide = side();
    return {names() + column * wide, kNumbers + row * wide, wide, wide};
}

void HeatMap::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const int count = static_cast<int>(m_names.size());
    for (int row = 0; row < count; ++row) {
        const QRectF first = cell(row, 0);
        if (side() >= fontMetrics().height() * 0.8) {
            painter.setPen(m_theme.colour(Role::Text));
            const QString name = QString(QString::number(row + 1) % QStringLiteral("  ") % m_names[row]);
            painter.drawText(QRectF(0, first.top(), names() - 8, first.height()), Qt::AlignVCenter | Qt::AlignLeft,
                             fontMetrics().elidedText(name, Qt::ElideRight, names() - 10));
            painter.setPen(m_theme.colour(Role::Muted));
            painter.drawText(QRectF(cell(0, row).left(), 0, side(), kNumbers), Qt::AlignCenter,
                             QString::number(row + 1));
        }
        for (int column = 0; column < count; ++column) {
            const double value = m_values[static_cast<std::size_t>(row * count + column)];
            const QColor colour =
                between(m_theme.colour(Role::Free), m_theme.colour(Role::Accent), std::clamp(value, 0.0, 1.0));
            painter.fillRect(cell(row, column).adjusted(0, 0, -1, -1), colour);
            if (side() < kRoomForText)
                continue;
            painter.setPen(readable(colour, m_theme.colour(Role::Text), m_theme.colour(Role::Card)));
            painter.drawText(cell(row, column), Qt::AlignCenter, similarityText(value));
        }
    }
}

bool HeatMap::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event); // NOLINT: Qt's way
    const int column = static_cast<int>((help->pos().x() - names()) / side());
    const int row = static_cast<int>((help->pos().y() - kNumbers) / side());
    const int count = static_cast<int>(m_names.size());
    if (help->pos().x() < names() || help->pos().y() < kNumbers || row >= count || column >= count)
        QToolTip::hideText();
    else
        QToolTip::showText(
            help->globalPos(),
            tr("%1\n%2\nsimilarity %3")
                .arg(m_names[row], m_names[column],
                     QLocale().toString(m_values[static_cast<std::size_t>(row * count + column)], 'f', 4)));
    return true;
}

} // namespace mm::gui
