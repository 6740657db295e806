// LoadedTable: the loaded models as an item model; changed in place. GUI thread.
#pragma once

#include "gui/pages/overview/loaded_rows.h"

#include <QAbstractTableModel>

namespace mm::gui {

class Theme;

class LoadedTable : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, State, Predicted, Measured, Split, LastUsed, WouldGo, Columns };

    explicit LoadedTable(Theme& theme, QObject* parent = nullptr);

    // `policy`: by which the engine orders who would go; empty: not known.
    void show(LoadedRows rows, std::int64_t nowMs, const QString& policy);
    [[nodiscard]] const LoadedRow& at(int row) const { return m_rows[static_cast<std::size_t>(row)]; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] QString text(const LoadedRow& row, int column) const;
    [[nodiscard]] QVariant ofName(const LoadedRow& row, int role) const;
    [[nodiscard]] QVariant ofState(const LoadedRow& row, int role) const;
    [[nodiscard]] QVariant ofFate(const LoadedRow& row, int role) const;
    [[nodiscard]] bool isAmbiguous(const LoadedRow& row) const;

    Theme& m_theme;
    LoadedRows m_rows;
    std::int64_t m_nowMs = 0;
    QString m_policy;
};

} // namespace mm::gui
