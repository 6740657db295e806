#include "gui/shell/header/header.h"

#include "gui/shell/header/dot.h"
#include "gui/theme/kind.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>

namespace mm::gui {
namespace {

constexpr int kHeight = 52;
constexpr int kFindWidth = 230;
constexpr int kNarrow = 1200; // below that the search has one word
constexpr int kNarrowFindWidth = 130;

} // namespace

Header::Header(Theme& theme, int brandWidth)
    : m_theme(theme)
    , m_engine(new QPushButton)
    , m_engineMenu(new QMenu(this))
    , m_dot(new Dot(theme))
    , m_health(new QLabel)
    , m_find(new QPushButton)
    , m_view(new QToolButton)
    , m_viewMenu(new QMenu(this)) {
    setKind(*this, "header");
    setMinimumHeight(kHeight);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 8, 16, 8);
    row->setSpacing(12);
    auto* brand = new QLabel(QStringLiteral("ModelMora"));
    setKind(*brand, "title");
    brand->setFixedWidth(brandWidth - 16);
    m_engine->setObjectName(QStringLiteral("engine"));
    m_engine->setMenu(m_engineMenu);
    m_engine->setLayoutDirection(Qt::RightToLeft); // the arrow stands behind the name
    setKind(*m_engine, "engine");
    m_health->setObjectName(QStringLiteral("health"));
    m_health->setTextFormat(Qt::RichText);
    m_health->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_health->installEventFilter(this);
    auto* find = new QHBoxLayout(m_find);
    auto* keys = new QLabel(tr("Ctrl K"));
    setKind(*keys, "faint");
    keys->setAttribute(Qt::WA_TransparentForMouseEvents);
    find->setContentsMargins(0, 0, 10, 0);
    find->addStretch(1);
    find->addWidget(keys);
    m_find->setObjectName(QStringLiteral("find"));
    m_find->setAccessibleName(tr("Search or run a command"));
    setKind(*m_find, "find");
    connect(m_find, &QPushButton::clicked, this, &Header::searchWanted);
    m_view->setObjectName(QStringLiteral("view"));
    m_view->setAccessibleName(tr("Appearance"));
    m_view->setToolTip(tr("Appearance"));
    m_view->setMenu(m_viewMenu);
    m_view->setPopupMode(QToolButton::InstantPopup);
    m_view->setFocusPolicy(Qt::StrongFocus);
    row->addWidget(brand);
    row->addWidget(m_engine);
    row->addWidget(m_dot);
    row->addWidget(m_health, 1);
    row->addWidget(m_find);
    row->addWidget(m_view);
    connect(&theme, &Theme::changed, this, &Header::paintIcons);
    paintIcons();
}

void Header::paintIcons() {
    m_engine->setIcon(m_theme.icon(QStringLiteral("chevron-down")));
    m_view->setIcon(m_theme.icon(m_theme.shade() == Shade::Light ? QStringLiteral("sun") : QStringLiteral("moon")));
}

void Header::showEngine(const QString& title) {
    m_engine->setText(title);
    m_engine->setAccessibleName(tr("Engine: %1").arg(title));
}

void Header::showHealth(const HealthReport& report) {
    m_dot->setRole(roleOf(report.level));
    m_sentence = report.sentence;
    m_emphasis = report.emphasis;
    const QString plain = m_emphasis.isEmpty() ? m_sentence : QString(m_sentence + QStringLiteral(", ") + m_emphasis);
    m_health->setAccessibleName(plain);
    m_health->setToolTip(plain);
    fitHealth();
}

void Header::fitHealth() {
    const QFontMetrics plain(m_health->font());
    QFont font = m_health->font();
    font.setBold(true);
    const QFontMetrics bold(font);
    const int room = m_health->width();
    QString text;
    if (m_emphasis.isEmpty())
        text = plain.elidedText(m_sentence, Qt::ElideRight, room).toHtmlEscaped();
    else if (const QString before = m_sentence + QStringLiteral(", ");
             plain.horizontalAdvance(before) + bold.horizontalAdvance(m_emphasis) <= room)
        text = QStringLiteral("%1<b>%2</b>").arg(before.toHtmlEscaped(), m_emphasis.toHtmlEscaped());
    else
        text = QStringLiteral("<b>%1</b>").arg(bold.elidedText(m_emphasis, Qt::ElideRight, room).toHtmlEscaped());
    if (text != m_health->text())
        m_health->setText(text);
}

void Header::resizeEvent(QResizeEvent* event) {
    QFrame::resizeEvent(event);
    const bool isNarrow = width() < kNarrow;
    m_find->setText(isNarrow ? tr("Search") : tr("Search or run a command"));
    m_find->setMinimumWidth(isNarrow ? kNarrowFindWidth : kFindWidth);
}

bool Header::eventFilter(QObject* watched, QEvent* event) {
    if (watched == m_health && event->type() == QEvent::Resize)
        fitHealth();
    return QFrame::eventFilter(watched, event);
}

void Header::openEngineMenu() {
    m_engine->setFocus();
    m_engine->showMenu();
}

} // namespace mm::gui
