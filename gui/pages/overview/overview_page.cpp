#include "gui/pages/overview/overview_page.h"

#include "gui/client/engine_state.h"
#include "gui/pages/overview/memory_card.h"

#include <QScrollArea>
#include <QVBoxLayout>

namespace mm::gui {

OverviewPage::OverviewPage(const PageContext& context) : m_context(context), m_memory(new MemoryCard(m_context)) {
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(12);
    column->addWidget(m_memory);
    column->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setWidget(inside);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(scroll);
    connect(&m_context.state, &EngineState::memoryChanged, this, &OverviewPage::refresh);
    connect(&m_context.state, &EngineState::statusChanged, this, &OverviewPage::refresh);
}

void OverviewPage::setSeen(bool seen) {
    m_isSeen = seen;
    refresh();
}

void OverviewPage::refresh() {
    if (m_isSeen)
        m_memory->refresh();
}

} // namespace mm::gui
