#include "gui/pages/overview/overview_page.h"

#include "gui/client/engine_state.h"
#include "gui/pages/overview/history/history_panel.h"
#include "gui/pages/overview/memory_card.h"
#include "gui/pages/overview/side/happened_list.h"
#include "gui/pages/overview/side/happenings.h"
#include "gui/pages/overview/side/waiting_card.h"
#include "gui/theme/kind.h"

#include <QBoxLayout>
#include <QLabel>
#include <QScrollArea>

namespace mm::gui {
namespace {

constexpr int kSoon = 200; // ms
constexpr int kSideWidth = 330;
constexpr int kSideHeight = 440; // at least, so that some of both can be seen
constexpr int kNarrow = 960;     // below that, what is at the side stands under the charts

} // namespace

OverviewPage::OverviewPage(const PageContext& context)
    : m_context(context)
    , m_happenings(new Happenings(m_context.link, m_context.events, this))
    , m_memory(new MemoryCard(m_context))
    , m_history(new HistoryPanel(m_context, *m_happenings))
    , m_waiting(new WaitingCard(m_context)) {
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addWidget(m_memory);
    m_side = makeSide();
    m_row = new QBoxLayout(QBoxLayout::LeftToRight);
    m_row->setSpacing(12);
    m_row->addWidget(m_history, 1);
    m_row->addWidget(m_side);
    column->addLayout(m_row, 1);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(inside);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(scroll);
    m_soon.setSingleShot(true);
    m_soon.setInterval(kSoon);
    connect(&m_soon, &QTimer::timeout, this, &OverviewPage::refresh);
    for (const auto changed : {&EngineState::memoryChanged, &EngineState::statusChanged, &EngineState::queueChanged})
        connect(&m_context.state, changed, this, [this] {
            if (!m_soon.isActive())
                m_soon.start();
        });
}

QWidget* OverviewPage::makeSide() {
    auto* card = new QFrame;
    setKind(*card, "card");
    card->setMinimumHeight(kSideHeight);
    auto* column = new QVBoxLayout(card);
    column->setContentsMargins(14, 12, 14, 12);
    column->setSpacing(8);
    column->addWidget(m_waiting);
    auto* heading = new QLabel(tr("Just happened"));
    setKind(*heading, "heading");
    heading->setContentsMargins(0, 10, 0, 0);
    column->addWidget(heading);
    column->addWidget(new HappenedList(m_context, *m_happenings), 1);
    return card;
}

void OverviewPage::resizeEvent(QResizeEvent* event) {
    Page::resizeEvent(event);
    const bool isNarrow = width() < kNarrow;
    m_row->setDirection(isNarrow ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
    m_side->setMaximumWidth(isNarrow ? QWIDGETSIZE_MAX : kSideWidth);
    m_side->setMinimumWidth(isNarrow ? 0 : kSideWidth);
}

void OverviewPage::setSeen(bool seen) {
    m_isSeen = seen;
    m_history->setSeen(seen);
    refresh();
}

void OverviewPage::refresh() {
    if (!m_isSeen)
        return;
    m_memory->refresh();
    m_waiting->refresh();
}

} // namespace mm::gui
