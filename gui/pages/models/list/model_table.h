// ModelTable: the rows of the models page for Qt's views, changed in place so that selection and scroll stay.
// ModelSort: its order and filter. GUI thread.
#pragma once

#include "gui/pages/models/list/model_row.h"

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include <vector>

namespace mm::gui {
class Theme;
enum class Role;
} // namespace mm::gui

namespace mm::gui::models {

enum Column {
    Name,
    Task,
    State,
    Memory,
    Predicted,
    Running,
    Waiting,
    Batch,
    Latency,
    Rate,
    Used,
    UnloadsIn,
    Crashes,
    kColumns
};

Role roleOf(Condition condition);
// Given in milliseconds: "31 / 38 / 44 ms", "24.8 / 27.0 / 27.9 s"; all three in one unit. Pure.
QString latencyText(const std::optional<double>& p50, const std::optional<double>& p95,
                    const std::optional<double>& p99);

class ModelTable : public QAbstractTableModel {
    Q_OBJECT

public:
    static constexpr int kSortRole = Qt::UserRole;

    explicit ModelTable(Theme& theme, QObject* parent = nullptr) : QAbstractTableModel(parent), m_theme(theme) {}

    // By id, see rowsOf().
    void show(std::vector<ModelRow> rows);
    [[nodiscard]] const std::vector<ModelRow>& rows() const { return m_rows; }
    // Null where there is none.
    [[nodiscard]] const ModelRow* at(int row) const;
    [[nodiscard]] int find(const std::string& id) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    // What CellDelegate paints beside the text.
    [[nodiscard]] QVariant drawn(const ModelRow& row, int column, int role) const;

    Theme& m_theme;
    std::vector<ModelRow> m_rows;
};

class ModelSort : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit ModelSort(QObject* parent = nullptr);

    // Parts of a name, task, tag or state; every word has to be found.
    void setWords(const QString& text);

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    [[nodiscard]] const ModelTable& table() const;

    QStringList m_words;
};

} // namespace mm::gui::models
