// WaitingCard: the first who wait. GUI thread.
#pragma once

#include "gui/pages/overview/waiting_list.h"

#include <QAbstractTableModel>
#include <QWidget>

class QLabel;
class QTableView;

namespace mm::gui {

class Theme;
struct PageContext;

class WaitingTable : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Place, Client, Model, Waits, Columns };

    explicit WaitingTable(Theme& theme, QObject* parent = nullptr) : QAbstractTableModel(parent), m_theme(theme) {}

    void show(std::vector<WaitingLine> lines);
    [[nodiscard]] const WaitingLine& at(int row) const { return m_lines[static_cast<std::size_t>(row)]; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    Theme& m_theme;
    std::vector<WaitingLine> m_lines;
};

class WaitingCard : public QWidget {
    Q_OBJECT

public:
    explicit WaitingCard(const PageContext& context, QWidget* parent = nullptr);

    void refresh();

private:
    const PageContext& m_context;
    WaitingTable* m_table = nullptr;
    QTableView* m_view = nullptr;
    QLabel* m_summary = nullptr;
    QLabel* m_more = nullptr;
};

} // namespace mm::gui
