// DetailsTab: one view of the selected model. Asks the engine only while it is seen. GUI thread.
#pragma once

#include "gui/pages/models/list/model_row.h"

#include <QWidget>

namespace mm::gui::models {

class DetailsTab : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    // Another model than before, or none (empty): what was known is shown no more.
    virtual void open(const std::string& id) = 0;
    // Something of it has changed, or a while has gone by.
    virtual void refresh() = 0;
};

} // namespace mm::gui::models
