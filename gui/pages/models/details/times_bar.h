// TimesBar: a stacked bar of where the time went, with its figures beneath. GUI thread.
#pragma once

#include "gui/pages/models/details/request_times.h"

#include <QWidget>

namespace mm::gui {
class Theme;
} // namespace mm::gui

namespace mm::gui::models {

class TimesBar : public QWidget {
    Q_OBJECT

public:
    explicit TimesBar(Theme& theme, QWidget* parent = nullptr);

    void show(const RequestTimes& times);
    using QWidget::show;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Theme& m_theme;
    RequestTimes m_times;
};

} // namespace mm::gui::models
