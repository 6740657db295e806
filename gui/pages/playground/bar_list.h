// BarList: names with a bar and a number each, such as documents and their scores; and bars side by side, such as a
// histogram of latencies. GUI thread.
#pragma once

#include "gui/pages/playground/latency.h"

#include <QString>
#include <QWidget>

#include <vector>

namespace mm::gui {

class Theme;

struct Bar {
    QString name;
    double value = 0;
};

class BarList : public QWidget {
    Q_OBJECT

public:
    explicit BarList(Theme& theme, QWidget* parent = nullptr);
    void setBars(std::vector<Bar> bars);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return {240, sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Theme& m_theme;
    std::vector<Bar> m_bars;
};

class HistogramView : public QWidget {
    Q_OBJECT

public:
    explicit HistogramView(Theme& theme, QWidget* parent = nullptr);
    void setHistogram(Histogram histogram);
    [[nodiscard]] QSize sizeHint() const override { return {400, 180}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Theme& m_theme;
    Histogram m_histogram;
};

} // namespace mm::gui
