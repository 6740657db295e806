// Stacked bars of where requests' time went. GUI thread.
#pragma once

#include "gui/widgets/time_split.h"

#include <QColor>
#include <QWidget>

class QPainter;
class QRectF;

namespace mm::gui {

class Theme;

QColor stageColour(const Theme& theme, std::size_t stage);
// The split's stages in `into`, whose whole width is `scale` milliseconds; what no stage explains is grey.
void paintSplit(QPainter& painter, const QRectF& into, const TimeSplit& split, double scale, const Theme& theme);

// One bar of a split's own total; the text of it is the accessible description and the tool tip.
class TimeSplitBar : public QWidget {
    Q_OBJECT

public:
    explicit TimeSplitBar(Theme& theme, QWidget* parent = nullptr);
    void setSplit(const TimeSplit& split);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Theme& m_theme;
    TimeSplit m_split;
};

// What the colours mean; with a split, how long each took.
class TimeLegend : public QWidget {
    Q_OBJECT

public:
    explicit TimeLegend(Theme& theme, QWidget* parent = nullptr);
    void setSplit(const TimeSplit& split);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] QString textOf(std::size_t stage) const;

    Theme& m_theme;
    TimeSplit m_split;
    bool m_hasSplit = false;
};

} // namespace mm::gui
