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

Q_SIGNALS:
    void choiceChanged();
    // At the click on a row's dots; the actions of the view are meant.
    void menuWanted(const QPoint& at);

private:
    QueueModel& m_model;
};

} // namespace mm::gui
