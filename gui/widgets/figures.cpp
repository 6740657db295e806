#include "gui/widgets/figures.h"

#include <QCoreApplication>
#include <QLocale>

#include <array>
#include <cmath>

namespace mm::gui {
namespace {

constexpr double kMegabyte = 1e6;
constexpr double kGigabyte = 1e9;
constexpr double kNow = 1'500; // ms; what is asked every second is as good as now

struct Unit {
    double milliseconds;
    double until; // ms
    const char* text;
};

constexpr std::array kUnits{
    Unit{1, 500, QT_TRANSLATE_NOOP("figures", "%1 ms")},
    Unit{1'000, 90'000, QT_TRANSLATE_NOOP("figures", "%1 s")},
    Unit{60'000, 90 * 60'000.0, QT_TRANSLATE_NOOP("figures", "%1 min")},
    Unit{3'600'000, 36 * 3'600'000.0, QT_TRANSLATE_NOOP("figures", "%1 h")},
    Unit{86'400'000, INFINITY, QT_TRANSLATE_NOOP("figures", "%1 d")},
};

QString text(double value, int decimals) {
    return QLocale().toString(value, 'f', decimals);
}

int decimalsOf(double value) {
    constexpr double kTen = 10;
    const double size = std::abs(value);
    if (size == 0 || size >= kTen * kTen)
        return 0;
    return size >= kTen ? 1 : 2;
}

QString translated(const char* source) {
    return QCoreApplication::translate("figures", source);
}

} // namespace

QString bytesText(std::int64_t bytes) {
    const auto value = static_cast<double>(bytes);
    if (value >= kGigabyte)
        return translated("%1 GB").arg(text(value / kGigabyte, decimalsOf(value / kGigabyte)));
    return translated("%1 MB").arg(text(value / kMegabyte, value > 0 && value < 10 * kMegabyte ? 1 : 0));
}

QString gigabytesText(std::int64_t bytes) {
    const double value = static_cast<double>(bytes) / kGigabyte;
    return text(value, decimalsOf(value));
}

QString durationText(double milliseconds) {
    for (const Unit& unit : kUnits)
        if (milliseconds < unit.until) {
            const double value = milliseconds / unit.milliseconds;
            return translated(unit.text).arg(text(value, unit.milliseconds > 1 && value < 10 ? 1 : 0));
        }
    return {};
}

QString agoText(double milliseconds) {
    if (milliseconds < kNow)
        return translated("now");
    for (const Unit& unit : kUnits)
        if (milliseconds < unit.until)
            return translated("%1 ago").arg(translated(unit.text).arg(text(milliseconds / unit.milliseconds, 0)));
    return {};
}

QString numberText(double value) {
    const bool isWhole = value == std::floor(value);
    return text(value, isWhole ? 0 : decimalsOf(value));
}

QString shortName(const std::string& modelId) {
    const std::string id = modelId.substr(0, modelId.find('@'));
    return QString::fromStdString(id.substr(id.find('/') + 1));
}

} // namespace mm::gui
