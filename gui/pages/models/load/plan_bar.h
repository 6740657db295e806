// PlanBarView: the memory of a device with the model that is to be loaded drawn into it, and the line that must not be
// crossed. GUI thread.
#pragma once

#include "gui/pages/models/load/plan_text.h"

#include <QWidget>

namespace mm::gui {
class Theme;
} // namespace mm::gui

namespace mm::gui::models {

class PlanBarView : public QWidget {
    Q_OBJECT

public:
    explicit PlanBarView(Theme& theme, QWidget* parent = nullptr);

    void show(const PlanBar& bar, const std::string& modelId);
    using QWidget::show;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Theme& m_theme;
    PlanBar m_bar;
    std::string m_modelId;
};

} // namespace mm::gui::models
