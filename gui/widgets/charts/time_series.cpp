#include "gui/widgets/charts/time_series.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace mm::gui {
namespace {

constexpr double kSecond = 1'000;
constexpr double kMinute = 60 * kSecond;
constexpr double kHour = 60 * kMinute;
constexpr double kDay = 24 * kHour;

QDateTime timeOf(double at) {
    return QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(at));
}

double offsetOf(double at) {
    return timeOf(at).offsetFromUtc() * kSecond;
}

} // namespace

std::vector<Points> runsOf(const Points& points, double gap) {
    std::vector<Points> runs;
    for (const QPointF& point : points) {
        if (runs.empty() || point.x() - runs.back().back().x() > gap)
            runs.emplace_back();
        runs.back().push_back(point);
    }
    constexpr double kDash = 0.4;
    for (Points& run : runs)
        if (run.size() == 1)
            run.emplace_back(run.front().x() + gap * kDash, run.front().y());
    return runs;
}

Points downsampled(const Points& points, std::size_t limit) {
    if (points.size() <= limit || limit < 2)
        return points;
    const std::size_t stretches = limit / 2;
    Points fewer;
    for (std::size_t i = 0; i < stretches; ++i) {
        const auto first = points.begin() + static_cast<std::ptrdiff_t>(i * points.size() / stretches);
        const auto last = points.begin() + static_cast<std::ptrdiff_t>((i + 1) * points.size() / stretches);
        auto [low, high] = std::minmax_element(first, last, [](auto a, auto b) { return a.y() < b.y(); });
        if (high < low)
            std::swap(low, high);
        fewer.push_back(*low);
        if (high != low)
            fewer.push_back(*high);
    }
    return fewer;
}

double niceTop(double highest) {
    if (!(highest > 0))
        return 1;
    const double power = std::pow(10, std::floor(std::log10(highest)));
    for (const double step : {1, 2, 4, 6, 8})
        if (highest <= step * power)
            return step * power;
    return 10 * power;
}

std::vector<double> roundTimes(const TimeSpan& span, int count) {
    constexpr std::array kSteps{kSecond,     5 * kSecond, 10 * kSecond, 15 * kSecond, 30 * kSecond, kMinute,
                                2 * kMinute, 5 * kMinute, 10 * kMinute, 15 * kMinute, 30 * kMinute, kHour,
                                2 * kHour,   3 * kHour,   6 * kHour,    12 * kHour,   kDay};
    const auto fits = [&](double step) { return span.length() / step <= std::max(1, count); };
    const auto* step = std::find_if(kSteps.begin(), kSteps.end(), fits);
    if (step == kSteps.end())
        --step;
    std::vector<double> times;
    const double offset = offsetOf(span.from);
    for (double at = std::ceil((span.from + offset) / *step) * *step - offset; at <= span.to; at += *step)
        times.push_back(at);
    return times;
}

QString timeLabel(double at, const TimeSpan& span) {
    const QDateTime time = timeOf(at);
    if (span.length() <= 5 * kMinute)
        return time.toString(QStringLiteral("HH:mm:ss"));
    const bool isDays = span.length() > 2 * kDay;
    return isDays ? QLocale().toString(time, QStringLiteral("ddd d")) : time.toString(QStringLiteral("HH:mm"));
}

QString axisLabel(double value, double top, const QString& unit) {
    constexpr int kSteps = 4;
    constexpr double kLong = 5'000; // ms
    const bool isLong = unit == QStringLiteral("ms") && top > kLong;
    const double shown = isLong ? value / kSecond : value;
    const double step = (isLong ? top / kSecond : top) / kSteps;
    int digits = 0;
    constexpr int kMostDigits = 4;
    for (double scaled = step; digits < kMostDigits && std::abs(scaled - std::round(scaled)) > 1e-6; scaled *= 10)
        ++digits;
    const QString number = QLocale().toString(shown, 'f', digits);
    if (value < top || unit.isEmpty())
        return number;
    return QString(number + QLatin1Char(' ') + (isLong ? QStringLiteral("s") : unit));
}

std::optional<QPointF> nearest(const Points& points, double at, double within) {
    const auto after = std::lower_bound(points.begin(), points.end(), at,
                                        [](const QPointF& point, double x) { return point.x() < x; });
    std::optional<QPointF> best;
    for (const auto& each : {after, after == points.begin() ? after : std::prev(after)})
        if (each != points.end() && std::abs(each->x() - at) <= within)
            if (!best || std::abs(each->x() - at) < std::abs(best->x() - at))
                best = *each;
    return best;
}

QString csvOf(const SeriesByName& series, const TimeSpan& span) {
    std::map<double, std::map<QString, double>> rows;
    QString text = QStringLiteral("time");
    for (const auto& [name, points] : series) {
        text += QLatin1Char(',') + name;
        for (const QPointF& point : points)
            if (point.x() >= span.from && point.x() <= span.to)
                rows[point.x()][name] = point.y();
    }
    text += QLatin1Char('\n');
    for (const auto& [at, values] : rows) {
        text += timeOf(at).toUTC().toString(Qt::ISODateWithMs);
        for (const auto& [name, points] : series) {
            text += QLatin1Char(',');
            if (const auto value = values.find(name); value != values.end())
                text += QString::number(value->second, 'g', 10);
        }
        text += QLatin1Char('\n');
    }
    return text;
}

} // namespace mm::gui
