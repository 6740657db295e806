// RecordTable: the last so many records, the newest at the end; grows in batches and forgets the oldest. GUI thread.
#pragma once

#include "gui/pages/activity/record.h"

#include <QAbstractTableModel>

#include <deque>
#include <vector>

namespace mm::gui {

class RecordTable : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Time, What, About, Who, Text, Columns };
    static constexpr int kMost = 20'000;

    explicit RecordTable(Theme& theme, QObject* parent = nullptr);

    void append(std::vector<Record> records);
    // Older ones, in front.
    void prepend(std::vector<Record> records);
    void clear();
    [[nodiscard]] const Record& at(int row) const { return m_records[static_cast<std::size_t>(row)]; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void forget(int count);

    Theme& m_theme;
    std::deque<Record> m_records;
};

// As a cell shows it.
QString cellOf(const Record& record, int column);

} // namespace mm::gui
