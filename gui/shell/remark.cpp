#include "gui/shell/remark.h"

#include "gui/theme/kind.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>

#include <algorithm>

namespace mm::gui {
namespace {

constexpr int kMargin = 16;
constexpr int kWidest = 720;

} // namespace

Remark::Remark(QWidget& over) : QFrame(&over), m_over(over), m_words(new QLabel) {
    setKind(*this, "remark");
    setObjectName(QStringLiteral("remark"));
    setToolTip(tr("Click to close"));
    m_words->setWordWrap(true);
    m_words->setTextFormat(Qt::PlainText);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(14, 9, 14, 9);
    row->addWidget(m_words);
    m_stays.setSingleShot(true);
    connect(&m_stays, &QTimer::timeout, this, &QWidget::hide);
    over.installEventFilter(this);
    hide();
}

void Remark::tell(const QString& sentence, std::chrono::milliseconds stays) {
    m_words->setText(sentence);
    m_words->setAccessibleName(sentence);
    place();
    raise();
    show();
    QAccessibleEvent alert(m_words, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
    m_stays.start(stays);
}

bool Remark::eventFilter(QObject* watched, QEvent* event) {
    if (watched == &m_over && event->type() == QEvent::Resize)
        place();
    return QFrame::eventFilter(watched, event);
}

void Remark::mousePressEvent(QMouseEvent* /*event*/) {
    m_stays.stop();
    hide();
}

void Remark::place() {
    const QMargins inside = layout()->contentsMargins();
    const int around = inside.left() + inside.right() + 2 * frameWidth();
    const int words = m_words->fontMetrics().horizontalAdvance(m_words->text()) + 4;
    const int wide = std::min({words + around, kWidest, m_over.width() - 2 * kMargin});
    const int high = heightForWidth(wide) > 0 ? heightForWidth(wide) : sizeHint().height();
    setGeometry((m_over.width() - wide) / 2, m_over.height() - high - kMargin, wide, high);
}

} // namespace mm::gui
