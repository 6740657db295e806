#include "gui/widgets/memory_bar.h"

#include "gui/theme/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>

namespace mm::gui {
namespace {

constexpr double kThinnest = 3;
constexpr int kBarHeight = 30;
constexpr int kOverhang = 4; // of the limit's line
constexpr double kCorner = 7;
constexpr int kLighter = 122; // percent
constexpr double kLabelScale = 0.85;

using Kind = MemoryPart::Kind;

} // namespace

std::vector<QRectF> placesOf(const MemoryPicture& picture, const QRectF& bar) {
    const double scale = bar.width() / static_cast<double>(std::max<std::int64_t>(1, picture.totalBytes));
    std::vector<QRectF> places;
    double left = bar.left();
    double right = bar.right();
    for (const MemoryPart& part : picture.parts) {
        const double width =
            part.bytes <= 0 ? 0 : std::min(right - left, std::max(kThinnest, static_cast<double>(part.bytes) * scale));
        const bool isAtEnd = part.kind == Kind::OtherPrograms;
        places.emplace_back(isAtEnd ? right - width : left, bar.top(), width, bar.height());
        (isAtEnd ? right : left) += isAtEnd ? -width : width;
    }
    return places;
}

MemoryBar::MemoryBar(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void MemoryBar::setPicture(MemoryPicture picture) {
    if (picture == m_picture)
        return;
    m_picture = std::move(picture);
    m_chosen = std::min(m_chosen, static_cast<int>(m_picture.parts.size()) - 1);
    QStringList said;
    for (const MemoryPart& part : m_picture.parts)
        said << part.about;
    setAccessibleDescription(said.join(QStringLiteral("; ")));
    update();
}

QSize MemoryBar::sizeHint() const {
    return {400, kBarHeight + 2 * kOverhang};
}

QSize MemoryBar::minimumSizeHint() const {
    return {120, kBarHeight + 2 * kOverhang};
}

QRectF MemoryBar::bar() const {
    return QRectF(rect()).adjusted(0, kOverhang, 0, -kOverhang);
}

int MemoryBar::partAt(const QPointF& point) const {
    const auto places = placesOf(m_picture, bar());
    const auto found =
        std::find_if(places.begin(), places.end(), [&](const QRectF& place) { return place.contains(point); });
    return found == places.end() ? -1 : static_cast<int>(found - places.begin());
}

void MemoryBar::paintPart(QPainter& painter, const MemoryPart& part, const QRectF& place) const {
    QColor colour =
        part.kind == Kind::OtherPrograms ? m_theme.colour(Role::OtherPrograms) : m_theme.modelColour(part.model);
    if (part.kind == Kind::Rest)
        colour = colour.lighter(kLighter);
    painter.fillRect(place, colour);
    if (part.kind == Kind::Reserved || part.kind == Kind::Releasing) {
        QColor stripes = m_theme.colour(Role::Card);
        stripes.setAlphaF(0.4F);
        painter.fillRect(place, QBrush(stripes, Qt::BDiagPattern));
    }
    painter.fillRect(QRectF(place.right() - 1, place.top(), 1, place.height()), m_theme.colour(Role::Card));
    const bool isDarkInk = m_theme.shade() != Shade::Light && part.kind != Kind::OtherPrograms;
    painter.setPen(isDarkInk ? QColor(0x0b1220) : QColor(Qt::white));
    if (m_theme.shade() == Shade::Light && part.kind == Kind::OtherPrograms)
        painter.setPen(m_theme.colour(Role::Text));
    const QRectF room = place.adjusted(5, 0, -5, 0);
    if (QFontMetricsF(painter.font()).horizontalAdvance(part.label) <= room.width())
        painter.drawText(room, Qt::AlignCenter, part.label);
}

void MemoryBar::paintLimit(QPainter& painter, const QRectF& all) const {
    if (m_picture.limitBytes <= 0)
        return;
    const double x = all.left() + all.width() * static_cast<double>(m_picture.limitBytes) /
                                      static_cast<double>(std::max<std::int64_t>(1, m_picture.totalBytes));
    painter.setPen(QPen(m_theme.colour(Role::Bad), 2));
    painter.drawLine(QPointF(x, 0), QPointF(x, height()));
    const QString word = tr("budget");
    const QFontMetricsF metrics(painter.font());
    const double width = metrics.horizontalAdvance(word) + 4;
    const auto places = placesOf(m_picture, all);
    const auto isFree = [&](const QRectF& there) {
        return all.contains(there) &&
               std::none_of(places.begin(), places.end(), [&](const QRectF& each) { return each.intersects(there); });
    };
    for (const double left : {x + 5, x - 5 - width})
        if (const QRectF there(left, all.top(), width, all.height()); isFree(there))
            return painter.drawText(there, Qt::AlignVCenter | (left > x ? Qt::AlignLeft : Qt::AlignRight), word);
}

void MemoryBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    QFont font = this->font();
    font.setPointSizeF(font.pointSizeF() * kLabelScale);
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    const QRectF all = bar();
    QPainterPath shape;
    shape.addRoundedRect(all, kCorner, kCorner);
    painter.setClipPath(shape);
    painter.fillRect(all, m_theme.colour(Role::Free));
    const auto places = placesOf(m_picture, all);
    for (std::size_t i = 0; i < places.size(); ++i)
        if (!places[i].isEmpty())
            paintPart(painter, m_picture.parts[i], places[i]);
    painter.setClipping(false);
    paintLimit(painter, all);
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        painter.setPen(QPen(m_theme.colour(Role::Accent), 2));
        painter.setBrush(Qt::NoBrush);
        const bool isPart = m_chosen >= 0 && m_chosen < static_cast<int>(places.size());
        const QRectF focus = isPart ? places[static_cast<std::size_t>(m_chosen)] : all;
        painter.drawRoundedRect(focus.adjusted(1, 1, -1, -1), isPart ? 2 : kCorner, isPart ? 2 : kCorner);
    }
}

void MemoryBar::tellAbout(int part, const QPoint& at) {
    if (part < 0)
        return QToolTip::hideText();
    QToolTip::showText(mapToGlobal(at), m_picture.parts[static_cast<std::size_t>(part)].about, this);
}

void MemoryBar::openPart(int part) {
    if (part >= 0 && !m_picture.parts[static_cast<std::size_t>(part)].model.empty())
        Q_EMIT opened(m_picture.parts[static_cast<std::size_t>(part)].model);
}

bool MemoryBar::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const QPoint at = static_cast<QHelpEvent*>(event)->pos();
    tellAbout(partAt(at), at);
    return true;
}

void MemoryBar::mouseDoubleClickEvent(QMouseEvent* event) {
    openPart(partAt(event->position()));
}

void MemoryBar::focusOutEvent(QFocusEvent* event) {
    m_chosen = -1;
    QToolTip::hideText();
    QWidget::focusOutEvent(event);
}

void MemoryBar::keyPressEvent(QKeyEvent* event) {
    const int last = static_cast<int>(m_picture.parts.size()) - 1;
    switch (event->key()) {
    case Qt::Key_Left:
        m_chosen = std::max(0, m_chosen - 1);
        break;
    case Qt::Key_Right:
        m_chosen = std::min(last, m_chosen + 1);
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        return openPart(m_chosen);
    default:
        return QWidget::keyPressEvent(event);
    }
    update();
    if (m_chosen >= 0 && m_chosen <= last)
        tellAbout(m_chosen, placesOf(m_picture, bar())[static_cast<std::size_t>(m_chosen)].bottomLeft().toPoint());
}

} // namespace mm::gui
