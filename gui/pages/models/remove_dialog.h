// RemoveDialog: asks whether a model shall go, and says what goes with it and what stays. GUI thread; deletes itself.
#pragma once

#include "gui/pages/models/list/model_row.h"
#include "gui/shell/page.h"

#include <QDialog>

class QLabel;

namespace mm::gui::models {

// What deleting it means; `versions` empty: not known yet. Pure.
QString removalText(const ModelRow& row, const std::vector<v1::Model>& versions);

class RemoveDialog : public QDialog {
    Q_OBJECT

public:
    RemoveDialog(const PageContext& context, const ModelRow& row, QWidget* parent);

Q_SIGNALS:
    void confirmed(bool force);
};

} // namespace mm::gui::models
