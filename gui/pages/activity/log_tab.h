// LogTab: the last lines of the engine's log, asked for again while they are seen. GUI thread.
#pragma once

#include "gui/client/engine_link.h"
#include "gui/pages/activity/tab.h"

#include <QTimer>

namespace mm::gui {

class RecordsView;
struct PageContext;

// What has come since: those of `now` that come after the last of `before`; all where none of them is known. Pure.
std::vector<std::string> newLines(const std::vector<std::string>& before, const std::vector<std::string>& now);

class LogTab : public ActivityTab {
    Q_OBJECT

public:
    explicit LogTab(const PageContext& context, QWidget* parent = nullptr);

    void setSeen(bool seen) override;
    void search(const QString& text) override;

private:
    void ask();
    void take(const v1::Diagnosis& diagnosis);

    const PageContext& m_context;
    RecordsView* m_view = nullptr;
    QTimer m_again;
    CallHandle m_call;
    QString m_engine;
    std::vector<std::string> m_lines;
    bool m_isSeen = false;
};

} // namespace mm::gui
