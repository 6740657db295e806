// RecordFilter: which records are wanted. GUI thread.
#pragma once

#include "gui/pages/activity/record.h"

#include <QSortFilterProxyModel>

namespace mm::gui {

struct Wanted {
    QString topic; // "model"; empty: every one
    QString text;  // all of its words, anywhere, in any case

    bool operator==(const Wanted&) const = default;
};

// Pure.
bool isWanted(const Record& record, const Wanted& wanted);

class RecordFilter : public QSortFilterProxyModel {
    Q_OBJECT

public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void set(Wanted wanted);
    [[nodiscard]] const Record& at(int row) const;

protected:
    [[nodiscard]] bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

private:
    Wanted m_wanted;
};

} // namespace mm::gui
