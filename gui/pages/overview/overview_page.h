// The overview: what is in memory, how it went, who waits and what has just happened.
#pragma once

#include "gui/shell/page.h"

namespace mm::gui {

class MemoryCard;

class OverviewPage : public Page {
    Q_OBJECT

public:
    explicit OverviewPage(const PageContext& context);

    void setSeen(bool seen) override;

private:
    void refresh();

    const PageContext m_context;
    MemoryCard* m_memory = nullptr;
    bool m_isSeen = false;
};

} // namespace mm::gui
