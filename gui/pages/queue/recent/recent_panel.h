// RecentPanel: where the time of recent requests went, the newest first. GUI thread.
#pragma once

#include "gui/client/engine_link.h"
#include "gui/shell/page.h"
#include "gui/widgets/rows_model.h"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QSpinBox;
class QTableView;

namespace mm::gui {

class RecentModel : public RowsModel<v1::QueueEntry> {
public:
    enum Column { When, Client, Model, Where, Total, State, kColumns };

    explicit RecentModel(Theme& theme, QObject* parent = nullptr);
    // The longest of all: what a whole bar is.
    [[nodiscard]] double longest() const;
    [[nodiscard]] int columnCount(const QModelIndex& parent) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    [[nodiscard]] std::string idOf(const v1::QueueEntry& row) const override { return row.request_id(); }

private:
    Theme& m_theme;
};

class RecentPanel : public QWidget {
    Q_OBJECT

public:
    explicit RecentPanel(const PageContext& context, QWidget* parent = nullptr);
    void setSeen(bool seen);

Q_SIGNALS:
    void requestChosen(const QString& requestId);

private:
    QWidget* makeFilters();
    void makeTable();
    void poll();

    PageContext m_context;
    RecentModel m_model;
    QTimer m_poll;
    bool m_isAsking = false;
    bool m_isUpdating = false; // another current row is then not the user's doing
    QComboBox* m_which = nullptr;
    QSpinBox* m_slower = nullptr;
    QLabel* m_says = nullptr;
    QTableView* m_table = nullptr;
};

} // namespace mm::gui
