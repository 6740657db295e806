// The activity page: events, the engine's log, the workers' output, the audit.
#pragma once

#include "gui/shell/page.h"

#include <vector>

class QTabWidget;

namespace mm::gui {

class ActivityTab;

class ActivityPage : public Page {
    Q_OBJECT

public:
    explicit ActivityPage(const PageContext& context);

    void setSeen(bool seen) override;
    // Searches the events for it; "worker:org/repo": what its workers wrote.
    void show(const QString& subject) override;

private:
    void addTab(ActivityTab* tab, const QString& title);
    void tell();

    const PageContext m_context;
    QTabWidget* m_tabs = nullptr;
    std::vector<ActivityTab*> m_all;
    bool m_isSeen = false;
};

} // namespace mm::gui
