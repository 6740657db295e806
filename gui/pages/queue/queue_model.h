// QueueModel: the engine's queue as a tree of four lanes. Changes in place, so that selection and scroll stay. GUI
// thread.
#pragma once

#include "gui/pages/queue/lanes.h"

#include <QAbstractItemModel>

#include <array>
#include <string>
#include <vector>

namespace mm::gui {

class Theme;

struct RowRange {
    int first = 0;
    int last = -1; // below the first: none
};

class QueueModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { Number, Client, Model, Waited, Starts, Deadline, Because, Menu, kColumns };

    explicit QueueModel(Theme& theme, QObject* parent = nullptr);

    // `now` by the engine's clock.
    void update(std::vector<v1::QueueEntry> entries, double now);
    // The same requests, later: what can be seen of each lane is told anew, the others when they come to sight.
    void setNow(double now, const std::array<RowRange, kLanes>& seen);
    // How many the engine has in each lane, also of those that it was not asked for.
    void setTotals(const std::array<int, kLanes>& totals);

    [[nodiscard]] QModelIndex laneIndex(Lane lane) const;
    [[nodiscard]] int countOf(Lane lane) const;
    // At least those that are here.
    [[nodiscard]] int totalOf(Lane lane) const;
    // Null for a lane or nothing.
    [[nodiscard]] const v1::QueueEntry* entryAt(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex indexOf(const std::string& requestId) const;
    [[nodiscard]] const std::vector<v1::QueueEntry>& entriesOf(Lane lane) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    [[nodiscard]] Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    [[nodiscard]] QStringList mimeTypes() const override;
    [[nodiscard]] QMimeData* mimeData(const QModelIndexList& indexes) const override;
    // Changes nothing by itself: the engine is asked, and what it says is shown.
    bool dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int column,
                      const QModelIndex& parent) override;

Q_SIGNALS:
    void dropped(const QStringList& requestIds, mm::gui::Lane lane);

private:
    void updateLane(int lane, std::vector<v1::QueueEntry> next);
    // Those whose place is `gone`.
    void removeRows(int lane, std::vector<int>& places, int gone);
    // Row order[i] comes to place i.
    void reorder(int lane, const std::vector<int>& order);
    [[nodiscard]] QVariant textOf(const v1::QueueEntry& entry, int column) const;
    [[nodiscard]] QVariant laneData(Lane lane, int column, int role) const;

    Theme& m_theme;
    std::array<std::vector<v1::QueueEntry>, kLanes> m_lanes;
    std::array<int, kLanes> m_totals{};
    double m_now = 0;
};

} // namespace mm::gui
