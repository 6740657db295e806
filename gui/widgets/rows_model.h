// RowsModel: a table of things that have ids, brought up to date in place, so that selection and scroll stay. For some
// hundreds of rows. GUI thread.
#pragma once

#include <QAbstractTableModel>

#include <algorithm>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace mm::gui {

template <typename Row>
class RowsModel : public QAbstractTableModel {
public:
    using QAbstractTableModel::QAbstractTableModel;

    void update(std::vector<Row> next) {
        std::unordered_set<std::string> stays;
        for (const Row& row : next)
            stays.insert(idOf(row));
        for (int row = count() - 1; row >= 0; --row)
            if (!stays.contains(idOf(m_rows[static_cast<std::size_t>(row)])))
                remove(row);
        for (int row = 0; row < static_cast<int>(next.size()); ++row) {
            const std::string id = idOf(next[static_cast<std::size_t>(row)]);
            const int before = rowOf(id);
            if (before == row)
                continue;
            if (before >= 0)
                remove(before); // has another place now
            beginInsertRows({}, row, row);
            m_rows.insert(m_rows.begin() + row, next[static_cast<std::size_t>(row)]);
            endInsertRows();
        }
        m_rows = std::move(next);
        touch();
    }

    // Everything may read otherwise now, such as with the time.
    void touch() {
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, 0), index(count() - 1, columnCount({}) - 1));
    }

    [[nodiscard]] const std::vector<Row>& rows() const { return m_rows; }
    [[nodiscard]] const Row* rowAt(const QModelIndex& index) const {
        return index.isValid() && index.row() < count() ? &m_rows[static_cast<std::size_t>(index.row())] : nullptr;
    }
    [[nodiscard]] int rowOf(const std::string& id) const {
        const auto found = std::find_if(m_rows.begin(), m_rows.end(), [&](const Row& row) { return idOf(row) == id; });
        return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
    }
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : count(); }

protected:
    [[nodiscard]] virtual std::string idOf(const Row& row) const = 0;

private:
    [[nodiscard]] int count() const { return static_cast<int>(m_rows.size()); }
    void remove(int row) {
        beginRemoveRows({}, row, row);
        m_rows.erase(m_rows.begin() + row);
        endRemoveRows();
    }

    std::vector<Row> m_rows;
};

} // namespace mm::gui
