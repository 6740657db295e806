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

class QueueModel : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { Number, Client, Model, Waited, Starts, Deadline, Because, Menu, kColumns };

    explicit QueueModel(Theme& theme, QObject* parent = nullptr);

    // `now` by the engine's clock.
    void update(std::vector<v1::QueueEntry> entries, double now);
    // The same requests, later.
    void setNow(double now);

    [[nodiscard]] QModelIndex laneIndex(Lane lane) const;
    [[nodiscard]] int countOf(Lane lane) const;
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
    double m_now = 0;
};

} // namespace mm::gui
