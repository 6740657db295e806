// HeatMap: how near each text is to each, as a square of colours with their numbers. GUI thread.
#pragma once

#include <QStringList>
#include <QWidget>

#include <vector>

namespace mm::gui {

class Theme;

class HeatMap : public QWidget {
    Q_OBJECT

public:
    explicit HeatMap(Theme& theme, QWidget* parent = nullptr);

    // n x n values from -1 to 1, row after row, for n names.
    void setValues(std::vector<double> values, QStringList names);
    [[nodiscard]] QSize sizeHint() const override { return {420, 320}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {230, 200}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QRectF cell(int row, int column) const;
    [[nodiscard]] int names() const;
    [[nodiscard]] double side() const;

    Theme& m_theme;
    std::vector<double> m_values;
    QStringList m_names;
};

} // namespace mm::gui
