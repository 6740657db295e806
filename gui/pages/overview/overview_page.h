// The overview: what is in memory.
#pragma once

#include "gui/shell/page.h"

class QLabel;

namespace mm::gui {

class OverviewPage : public Page {
    Q_OBJECT

public:
    explicit OverviewPage(const PageContext& context);

private:
    void showMemory();

    PageContext m_context;
    QLabel* m_memory = nullptr;
};

} // namespace mm::gui
