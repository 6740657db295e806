// TimeChart: lines over time with one axis or two, what happened as marks, values under the mouse, zoom by dragging or
// by + and -, back by double click or Escape. Several charts follow each other through `zoomed` and `pointed`. GUI
// thread.
#pragma once

#include "gui/theme/theme.h"
#include "gui/widgets/charts/time_series.h"

#include <QChartView>
#include <QStringList>

class QLineSeries;
class QValueAxis;

namespace mm::gui {

struct ChartLine {
    QString series; // its name in the data
    QString title;
    Role role = Role::Accent;
    int modelColour = -1; // instead of the role, where it is not -1: by number out of the palette of models
    QString unit;         // "ms"; behind values
    bool isRight = false; // on the axis at the right
    bool isFilled = false;
    bool isOptional = false; // not in the legend before something is known of it
};

struct ChartMark {
    double at = 0;
    Role role = Role::Accent;
    QString text;
};

// "━ p50" in rich text that does not break within.
QString legendEntry(const QColor& colour, QChar sign, const QString& word);

class TimeChart : public QChartView {
    Q_OBJECT

public:
    // `fixedTop`: where the left axis always ends, such as 100 for percent; 0: as the values are.
    TimeChart(Theme& theme, QString title, std::vector<ChartLine> lines, double fixedTop = 0,
              QWidget* parent = nullptr);

    // `step`: how far points are apart; holes much longer are not bridged.
    void setData(const SeriesByName& data, const TimeSpan& span, double step);
    // What is seen of the data.
    void setSpan(const TimeSpan& span);
    void setMarks(std::vector<ChartMark> marks);
    // A line at that time, here and in the charts beside it; unset: none.
    void point(std::optional<double> at, bool isHere);

    [[nodiscard]] const std::vector<ChartLine>& lines() const { return m_lines; }
    [[nodiscard]] const std::vector<ChartMark>& marks() const { return m_marks; }
    [[nodiscard]] bool isKnown(std::size_t line) const { return !m_drawn[line].points.empty(); }
    [[nodiscard]] QColor colourOf(const ChartLine& line) const;
    // Its lines' colours and titles, as rich text; those that are optional and unknown are left out.
    [[nodiscard]] QStringList legend() const;
    [[nodiscard]] QSize sizeHint() const override { return {360, 190}; }

Q_SIGNALS:
    void zoomed(const TimeSpan& span);
    void zoomedBack();
    void pointed(std::optional<double> at);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void drawBackground(QPainter* painter, const QRectF& rect) override;
    void drawForeground(QPainter* painter, const QRectF& rect) override;

private:
    struct Drawn {
        std::vector<QLineSeries*> runs;
        Points points;
        std::vector<Points> pieces;
    };

    void drawLine(std::size_t number);
    void fitTops();
    void recolour();
    [[nodiscard]] QRectF plot() const;
    [[nodiscard]] double xOf(double at) const;
    [[nodiscard]] double timeAt(double x) const;
    [[nodiscard]] double topOf(const ChartLine& line) const;
    [[nodiscard]] bool hasRight() const;
    [[nodiscard]] QString unitOf(bool isRight) const;
    void paintAxes(QPainter& painter) const;
    void paintFills(QPainter& painter) const;
    void paintMarks(QPainter& painter) const;
    void paintPointer(QPainter& painter) const;
    [[nodiscard]] QList<std::pair<QColor, QString>> told(double at) const;
    void move(double by);
    void zoomBy(double factor);

    Theme& m_theme;
    std::vector<ChartLine> m_lines;
    std::vector<Drawn> m_drawn;
    std::vector<ChartMark> m_marks;
    double m_fixedTop = 0;
    double m_step = 1;
    TimeSpan m_span;
    QValueAxis* m_time = nullptr;
    QValueAxis* m_left = nullptr;
    QValueAxis* m_right = nullptr;
    std::optional<double> m_pointer;
    bool m_isPointedHere = false;
    std::optional<double> m_dragFrom; // pixels
    double m_dragTo = 0;
};

} // namespace mm::gui
