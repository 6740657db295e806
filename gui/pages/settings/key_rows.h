// The item model of keys. GUI thread.
#pragma once

#include "modelmora/v1/access.pb.h"

#include <QAbstractTableModel>

#include <vector>

namespace mm::gui {

class KeyRows : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Role, Models, Begins, Created, Expires, Status, kColumns };
    using QAbstractTableModel::QAbstractTableModel;

    void show(std::vector<modelmora::v1::ApiKey> keys);
    // Null where there is no such row.
    [[nodiscard]] const modelmora::v1::ApiKey* at(int row) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<modelmora::v1::ApiKey> m_keys;
};

} // namespace mm::gui
