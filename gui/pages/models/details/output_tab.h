// OutputTab: what the workers of a model write, followed while it is seen, and the last words of one that failed. The
// engine tells all of it at the level debug of its log; the tab can set that. GUI thread.
#pragma once

#include "gui/pages/models/details/tab.h"
#include "gui/shell/page.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;

namespace mm::gui::models {

class OutputTab : public DetailsTab {
    Q_OBJECT

public:
    explicit OutputTab(const PageContext& context, QWidget* parent = nullptr);

    void open(const std::string& id) override;
    void refresh() override;

private:
    void askLevel();
    void showLevel(const v1::LogLevelStatus& level);
    void follow();
    void take(const QStringList& lines);
    void say(const QString& sentence, const char* kind);

    PageContext m_context;
    std::string m_id;
    QStringList m_lines;
    QLabel* m_note = nullptr;
    QPushButton* m_all = nullptr;
    QPlainTextEdit* m_text = nullptr;
};

} // namespace mm::gui::models
