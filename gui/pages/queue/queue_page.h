// The queue: who waits and runs, in lanes; who gets how much; what can be done about it. GUI thread.
#pragma once

#include "gui/client/engine_link.h"
#include "gui/pages/queue/queue_view.h"
#include "gui/pages/queue/shares.h"
#include "gui/shell/page.h"

#include <QTimer>

#include <string>

class QAction;
class QLabel;
class QPushButton;
class QTabWidget;

namespace mm::gui {

class JobsPanel;
class QueueActions;
class RecentPanel;
class RequestCard;
class ShareBars;

class QueuePage : public Page {
    Q_OBJECT

public:
    explicit QueuePage(const PageContext& context);

    void setSeen(bool seen) override;
    // Of a request by its id, or of a job: "job:" and its id.
    void show(const QString& subject) override;
    using Page::show;

private:
    void makeActions();
    QAction* addAction(const char* name, const QString& text, const QString& shortText, const QString& keys);
    QWidget* makeHead();
    QWidget* makeLanes();
    QWidget* makeSide();
    QWidget* makeBelow();
    void seeBelow(bool seen);
    void chooseRequest(const QString& requestId);
    void poll();
    void take(v1::QueueReport report);
    void choiceChanged();
    void showChosen();
    void askFor(const std::string& requestId);
    void holdLow();
    [[nodiscard]] double now() const;

    PageContext m_context;
    QueueModel m_model;
    QueueActions* m_do = nullptr;
    QTimer m_poll;
    QTimer m_tick;
    bool m_isAsking = false;
    int m_limit = 0;      // entries asked for
    int m_total = 0;      // that there are
    double m_ahead = 0;   // the engine's clock before ours, ms
    std::string m_wanted; // the request in the card, also when it has left the queue
    ShareWindow m_shares;
    QString m_engine;

    QueueView* m_view = nullptr;
    QLabel* m_summary = nullptr;
    QLabel* m_more = nullptr;
    QPushButton* m_holdLow = nullptr;
    ShareBars* m_bars = nullptr;
    RequestCard* m_card = nullptr;
    QTabWidget* m_tabs = nullptr;
    JobsPanel* m_jobs = nullptr;
    RecentPanel* m_recent = nullptr;
    QAction* m_raise = nullptr;
    QAction* m_lower = nullptr;
    QAction* m_hold = nullptr;
    QAction* m_release = nullptr;
    QAction* m_cancel = nullptr;
};

} // namespace mm::gui
