#include "gui/widgets/figures.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace mm::gui {
namespace {

constexpr double kThousand = 1e3;
constexpr double kMillion = 1e6;
constexpr double kGigabyte = 1e9;
constexpr double kRoundsUp = 999.5; // and is thousand of the smaller unit no more

QString text(double value, int decimals) {
    return QLocale().toString(value, 'f', decimals);
}

int decimalsOf(double value) {
    const double size = std::abs(value);
    if (size == 0 || size >= 99.95)
        return 0;
    return size >= 9.995 ? 1 : 2;
}

QString translated(const char* source) {
    return QCoreApplication::translate("figures", source);
}

} // namespace

QString bytesText(std::int64_t bytes) {
    struct Unit {
        const char* text;
        int mostDecimals;
    };
    static constexpr std::array kUnits{
        Unit{QT_TRANSLATE_NOOP("figures", "%1 B"), 0}, Unit{QT_TRANSLATE_NOOP("figures", "%1 kB"), 0},
        Unit{QT_TRANSLATE_NOOP("figures", "%1 MB"), 1}, Unit{QT_TRANSLATE_NOOP("figures", "%1 GB"), 2},
        Unit{QT_TRANSLATE_NOOP("figures", "%1 TB"), 2}};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; value >= kRoundsUp && unit + 1 < kUnits.size(); ++unit)
        value /= kThousand;
    const int most = kUnits.at(unit).mostDecimals;
    const int decimals = most == 1 ? (value < 9.95 ? 1 : 0) : std::min(most, decimalsOf(value));
    return translated(kUnits.at(unit).text).arg(text(value, decimals));
}

QString gigabytesText(std::int64_t bytes) {
    const double value = static_cast<double>(bytes) / kGigabyte;
    return text(value, decimalsOf(value));
}

QString numberText(double value) {
    const bool isWhole = value == std::floor(value);
    return text(value, isWhole ? 0 : decimalsOf(value));
}

QString parametersText(std::int64_t count) {
    const auto value = static_cast<double>(count);
    if (value >= kRoundsUp * kMillion)
        return QCoreApplication::translate("figures", "%1 B", "billions of parameters")
            .arg(text(value / kGigabyte, decimalsOf(value / kGigabyte)));
    if (value >= kRoundsUp * kThousand)
        return QCoreApplication::translate("figures", "%1 M", "millions of parameters")
            .arg(text(value / kMillion, std::min(1, decimalsOf(value / kMillion))));
    return QLocale().toString(static_cast<qlonglong>(count));
}

QString shortName(const std::string& modelId) {
    const std::string id = modelId.substr(0, modelId.find('@'));
    return QString::fromStdString(id.substr(id.find('/') + 1));
}

} // namespace mm::gui
