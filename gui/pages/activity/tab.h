// ActivityTab: one kind of records on the activity page. GUI thread.
#pragma once

#include <QWidget>

namespace mm::gui {

class ActivityTab : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    // What is not seen asks the engine nothing.
    virtual void setSeen(bool seen) = 0;
    virtual void search(const QString& text) = 0;
};

} // namespace mm::gui
