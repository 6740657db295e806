// EventTab: the engine's events: those it remembers first, then as they happen; goes on where it was when it is seen
// again. GUI thread.
#pragma once

#include "gui/client/engine_link.h"
#include "gui/pages/activity/tab.h"

#include <QTimer>

class QCheckBox;

namespace mm::gui {

class RecordsView;
struct PageContext;

class EventTab : public ActivityTab {
    Q_OBJECT

public:
    explicit EventTab(const PageContext& context, QWidget* parent = nullptr);

    void setSeen(bool seen) override;
    void search(const QString& text) override;

private:
    void follow();
    void stop();
    void take(const std::vector<v1::Event>& events);

    const PageContext& m_context;
    RecordsView* m_view = nullptr;
    QCheckBox* m_requests = nullptr;
    QTimer m_again;
    CallHandle m_stream;
    QString m_engine;          // whose ids these are
    std::int64_t m_lastId = 0; // the newest that was shown
    bool m_isSeen = false;
};

} // namespace mm::gui
