// Stacked bars of where requests' time went. GUI thread.
#pragma once

#include "gui/widgets/time_split.h"

#include <QColor>
#include <QRect>
#include <QWidget>

#include <optional>
#include <vector>

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

// What the colours mean; with a split, how long each took. In lines as wide as there is room, or in so many columns
// with the total last.
class TimeLegend : public QWidget {
    Q_OBJECT

public:
    explicit TimeLegend(Theme& theme, QWidget* parent = nullptr, int columns = 0);
    // Unset: nothing is known.
    void setSplit(const std::optional<TimeSplit>& split);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    [[nodiscard]] QString textOf(std::size_t stage) const;
    // Where each stage stands in lines of that width.
    [[nodiscard]] std::vector<QRect> flow(int width) const;
    void paintLines(QPainter& painter);
    void paintColumns(QPainter& painter);

    Theme& m_theme;
    int m_columns = 0;
    std::optional<TimeSplit> m_split;
};

} // namespace mm::gui
