// DecisionStrip: what only a person can decide, under the header; nothing where there is nothing. GUI thread.
#pragma once

#include "gui/shell/header/health.h"

#include <QFrame>

#include <set>

class QVBoxLayout;

namespace mm::gui {

class Theme;

class DecisionStrip : public QFrame {
    Q_OBJECT

public:
    explicit DecisionStrip(const Theme& theme);

    void show(const std::vector<Decision>& decisions);
    using QFrame::show;

    static constexpr std::size_t kShown = 3; // the rest are counted

Q_SIGNALS:
    void chosen(const mm::gui::DecisionAction& action);

private:
    void rebuild();
    QWidget* makeRow(const Decision& decision);
    void dismiss(const QString& id);

    const Theme& m_theme;
    QVBoxLayout* m_rows = nullptr;
    std::vector<Decision> m_all;
    std::vector<QString> m_shown; // what the rows say
    std::set<QString> m_dismissed;
};

} // namespace mm::gui
