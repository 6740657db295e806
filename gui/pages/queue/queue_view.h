// QueueView: the lanes as a tree: a lane is a line across, a request a row below it. Columns keep their widths while
// values change. GUI thread.
#pragma once

#include "gui/pages/queue/queue_model.h"

#include <QTreeView>

namespace mm::gui {

class QueueView : public QTreeView {
    Q_OBJECT

public:
    QueueView(QueueModel& model, Theme& theme, QWidget* parent = nullptr);

    // Of the chosen requests, in the order shown; a lane is none.
    [[nodiscard]] std::vector<v1::QueueEntry> chosen() const;
    // Makes it the only one chosen and brings it to sight; false where it is not there.
    bool choose(const std::string& requestId);

    // Of each lane, what can be seen of it now.
    [[nodiscard]] std::array<RowRange, kLanes> seen() const;
    // How far down it is scrolled, of all rows that there are: 0 to 1.
    [[nodiscard]] double depth() const;

Q_SIGNALS:
    void choiceChanged();
    // At the click on a row's dots; the actions of the view are meant.
    void menuWanted(const QPoint& at);

protected:
    void drawRow(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    QueueModel& m_model;
};

} // namespace mm::gui
