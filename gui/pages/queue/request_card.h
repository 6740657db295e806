// RequestCard: all there is to say of the chosen request, also of one that has ended. GUI thread.
#pragma once

#include "gui/pages/queue/lanes.h"

#include <QFrame>

#include <optional>

class QAction;
class QFormLayout;
class QLabel;

namespace mm::gui {

class Theme;
class TimeSplitBar;

class RequestCard : public QFrame {
    Q_OBJECT

public:
    // The actions become its buttons.
    RequestCard(Theme& theme, const std::vector<QAction*>& actions, QWidget* parent = nullptr);

    void show(const v1::QueueEntry& entry, double now);
    // Why nothing is shown.
    void showNothing(const QString& reason);
    [[nodiscard]] const std::optional<v1::QueueEntry>& entry() const { return m_entry; }
    using QFrame::show;

private:
    enum Line { Client, Model, State, Because, Inputs, DeadlineLine, Total, kLines };

    void showEnd(const v1::QueueEntry& entry);

    std::optional<v1::QueueEntry> m_entry;
    QLabel* m_title = nullptr;
    QLabel* m_empty = nullptr;
    QWidget* m_body = nullptr;
    QFormLayout* m_form = nullptr;
    std::array<QLabel*, kLines> m_values{};
    TimeSplitBar* m_split = nullptr;
    QLabel* m_splitText = nullptr;
    QLabel* m_error = nullptr;
    QWidget* m_buttons = nullptr;
};

} // namespace mm::gui
