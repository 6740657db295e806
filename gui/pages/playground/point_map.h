// PointMap: texts as numbered points on a plane; what is near means the same. GUI thread.
#pragma once

#include <QPointF>
#include <QRectF>
#include <QStringList>
#include <QWidget>

#include <vector>

namespace mm::gui {

class Theme;

// Where names of these widths stand beside their points without covering one another or a point: at the right, the
// left, above or below, within `inside`. Empty: there is no room for this one.
std::vector<QRectF> placeNames(const std::vector<QPointF>& points, const std::vector<double>& widths, double height,
                               const QRectF& inside);

class PointMap : public QWidget {
    Q_OBJECT

public:
    explicit PointMap(Theme& theme, QWidget* parent = nullptr);
    // Each within -1 to 1.
    void setPoints(std::vector<QPointF> points, QStringList names);
    [[nodiscard]] QSize sizeHint() const override { return {320, 320}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {180, 200}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    [[nodiscard]] QPointF placeOf(const QPointF& point) const;

    Theme& m_theme;
    std::vector<QPointF> m_points;
    QStringList m_names;
};

} // namespace mm::gui
