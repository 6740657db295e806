// The models: what is registered, what is in memory and how it does, and everything that can be done with it.
#pragma once

#include "gui/pages/models/list/model_row.h"
#include "gui/shell/page.h"

#include <QTimer>

class QLabel;
class QLineEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace mm::gui::models {

class DetailsPane;
class ModelActions;
class ModelSort;
class ModelTable;
class ModelWatch;

class ModelsPage : public Page {
    Q_OBJECT

public:
    explicit ModelsPage(const PageContext& context);

    void setSeen(bool seen) override;
    // A model's id selects it; "register" and "register <folder>" open the dialog.
    void show(const QString& subject) override;

private:
    QWidget* makeTop();
    QWidget* makeTable();
    QWidget* makeEmpty();
    void connectAll();
    void update();
    void lookAtVisible();
    void showSelected();
    void openMenu(const QPoint& where);
    void activate();
    void openRegister(const QString& folder);
    [[nodiscard]] std::string selectedId() const;
    void select(const std::string& id);

    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

    PageContext m_context;
    ModelActions* m_actions = nullptr;
    ModelTable* m_table = nullptr;
    ModelSort* m_sort = nullptr;
    ModelWatch* m_watch = nullptr;
    DetailsPane* m_details = nullptr;
    QTableView* m_view = nullptr;
    QLineEdit* m_filter = nullptr;
    QLabel* m_summary = nullptr;
    QLabel* m_nobody = nullptr;
    QPushButton* m_register = nullptr;
    QStackedWidget* m_stack = nullptr;
    QTimer m_later; // joins what changes in one go
    bool m_isSeen = false;
    QString m_wanted; // to be selected as soon as it is there
};

} // namespace mm::gui::models
