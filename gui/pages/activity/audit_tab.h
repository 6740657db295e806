// AuditTab: who did what, and whether that record of it is whole. GUI thread.
#pragma once

#include "gui/client/engine_link.h"
#include "gui/pages/activity/tab.h"

#include <QTimer>

class QPushButton;

namespace mm::gui {

class RecordsView;
struct PageContext;

// "The audit is whole: 42 records, the newest has the hash …" or where it is broken. Pure.
QString sentenceOf(const v1::AuditVerification& verification);

class AuditTab : public ActivityTab {
    Q_OBJECT

public:
    explicit AuditTab(const PageContext& context, QWidget* parent = nullptr);

    void setSeen(bool seen) override;
    void search(const QString& text) override;

private:
    void ask();
    void askOlder();
    void verify();
    void take(const v1::ListAuditResponse& answer, bool areOlder);

    const PageContext& m_context;
    RecordsView* m_view = nullptr;
    QPushButton* m_older = nullptr;
    QTimer m_again;
    CallHandle m_call;
    QString m_engine;
    std::int64_t m_newest = 0; // numbers of records that are shown
    std::int64_t m_oldest = 0;
    bool m_isSeen = false;
};

} // namespace mm::gui
