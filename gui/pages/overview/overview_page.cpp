#include "gui/pages/overview/overview_page.h"

#include "gui/client/engine_state.h"

#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

namespace mm::gui {

OverviewPage::OverviewPage(const PageContext& context) : m_context(context), m_memory(new QLabel) {
    auto* column = new QVBoxLayout(this);
    column->addWidget(m_memory);
    column->addStretch(1);
    connect(&m_context.state, &EngineState::memoryChanged, this, &OverviewPage::showMemory);
}

void OverviewPage::showMemory() {
    const auto& memory = m_context.state.memory();
    if (!memory || memory->devices().empty())
        return m_memory->clear();
    const auto& device = memory->devices(0);
    m_memory->setText(tr("%1 of %2 used")
                          .arg(QLocale().formattedDataSize(device.committed_bytes()),
                               QLocale().formattedDataSize(device.total_bytes())));
}

} // namespace mm::gui
