// The overview: what is in memory, how it went, who waits and what has just happened.
#pragma once

#include "gui/shell/page.h"

#include <QTimer>

class QBoxLayout;

namespace mm::gui {

class Happenings;
class HistoryPanel;
class MemoryCard;
class WaitingCard;

class OverviewPage : public Page {
    Q_OBJECT

public:
    explicit OverviewPage(const PageContext& context);

    void setSeen(bool seen) override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeSide();
    void refresh();

    const PageContext m_context;
    Happenings* m_happenings = nullptr;
    MemoryCard* m_memory = nullptr;
    HistoryPanel* m_history = nullptr;
    WaitingCard* m_waiting = nullptr;
    QBoxLayout* m_row = nullptr; // the charts, and the side beside or below them
    QWidget* m_side = nullptr;
    QTimer m_soon; // under a flood of events the engine's state changes ten times a second
    bool m_isSeen = false;
};

} // namespace mm::gui
