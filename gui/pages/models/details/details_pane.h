// DetailsPane: all about the selected model, under the table, in tabs. GUI thread.
#pragma once

#include "gui/pages/models/list/model_row.h"
#include "gui/shell/page.h"

#include <QFrame>
#include <QTimer>

class QLabel;
class QTabWidget;

namespace mm::gui::models {

class ActionButton;
class ModelActions;

class DetailsPane : public QFrame {
    Q_OBJECT

public:
    DetailsPane(const PageContext& context, ModelActions& actions, QWidget* parent = nullptr);

    // Null: none is selected.
    void show(const ModelRow* row);
    using QWidget::show;
    void setSeen(bool seen);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QLayout* makeHead(ModelActions& actions);
    void refresh();
    // Their words where there is room for them.
    void fitButtons();

    PageContext m_context;
    std::string m_id;
    Condition m_condition = Condition::Unloaded;
    QTimer m_every;
    bool m_isSeen = false;
    QLabel* m_name = nullptr;
    QLabel* m_facts = nullptr;
    QTabWidget* m_tabs = nullptr;
    std::vector<ActionButton*> m_buttons;
};

} // namespace mm::gui::models
