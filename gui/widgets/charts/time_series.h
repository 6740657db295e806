// Values over time, and what a chart needs of them. x is in ms since 1970. Pure.
#pragma once

#include <QPointF>
#include <QString>

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace mm::gui {

using Points = std::vector<QPointF>;
using SeriesByName = std::map<QString, Points>;

struct TimeSpan {
    double from = 0;
    double to = 1;

    [[nodiscard]] double length() const { return to - from; }
    bool operator==(const TimeSpan&) const = default;
};

// Pieces without a hole longer than `gap`; a lone point becomes a dash, so that it can be seen.
std::vector<Points> runsOf(const Points& points, double gap);
// At most about `limit` points: of each stretch its lowest and its highest, in their order, so that no peak is lost.
Points downsampled(const Points& points, std::size_t limit);
// The end of an axis from 0 on which `highest` fits: 1, 2, 4, 6, 8 or 10 times a power of ten.
double niceTop(double highest);
// Round times within it, `count` at most.
std::vector<double> roundTimes(const TimeSpan& span, int count);
// "14:25", "14:25:30", "Fri 21", as finely as the span needs.
QString timeLabel(double at, const TimeSpan& span);
// What stands beside the line at `value` of an axis with four steps up to `top`: all with as many digits behind the
// point as their steps need, long times in seconds, the unit at the top alone.
QString axisLabel(double value, double top, const QString& unit);
// The point nearest to `at`, no farther than `within`.
std::optional<QPointF> nearest(const Points& points, double at, double within);
// A line for each moment at which something is known, in UTC; nothing where it is not.
QString csvOf(const SeriesByName& series, const TimeSpan& span);

} // namespace mm::gui
