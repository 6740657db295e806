#include "gui/pages/models/list/figures.h"

#include <QLocale>

#include <algorithm>
#include <array>
#include <cmath>

namespace mm::gui::models {
namespace {

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 86'400;

QString fixed(double value, int digits) {
    return QLocale().toString(value, 'f', digits);
}

QString twoDigits(std::int64_t value) {
    return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0'));
}

} // namespace

QString nothing() {
    return QStringLiteral("–");
}

QString gigabytes(std::int64_t bytes) {
    const double value = static_cast<double>(bytes) / 1e9;
    return fixed(value, value < 100 ? 2 : 0);
}

QString bytesText(std::int64_t bytes) {
    static constexpr std::array kUnits{
        QT_TRANSLATE_NOOP("mm::gui::models", "B"), QT_TRANSLATE_NOOP("mm::gui::models", "kB"),
        QT_TRANSLATE_NOOP("mm::gui::models", "MB"), QT_TRANSLATE_NOOP("mm::gui::models", "GB"),
        QT_TRANSLATE_NOOP("mm::gui::models", "TB")};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < kUnits.size()) {
        value /= 1000;
        ++unit;
    }
    const int digits = unit < 2 ? 0 : unit == 2 ? (value < 9.95 ? 1 : 0) : value < 100 ? 2 : 0;
    return fixed(value, digits) + QChar(QChar::Nbsp) + Say::tr(kUnits.at(unit));
}

QString number(double value) {
    return fixed(value, value < 9.95 && value > 0 ? 1 : 0);
}

QString duration(double milliseconds) {
    if (milliseconds < 999.5)
        return Say::tr("%1 ms").arg(milliseconds < 0.05 ? QStringLiteral("0") : number(milliseconds));
    const double seconds = milliseconds / 1000;
    if (seconds < 59.95)
        return Say::tr("%1 s").arg(number(seconds));
    const auto whole = std::llround(seconds);
    return Say::tr("%1 min %2 s").arg(whole / kMinute).arg(whole % kMinute);
}

QString ago(std::int64_t seconds) {
    if (seconds < 2)
        return Say::tr("now");
    if (seconds < kMinute)
        return Say::tr("%1 s").arg(seconds);
    if (seconds < kHour)
        return Say::tr("%1 min").arg(seconds / kMinute);
    if (seconds < kDay)
        return Say::tr("%1 h").arg(seconds / kHour);
    return Say::tr("%1 d").arg(seconds / kDay);
}

QString countdown(std::int64_t seconds) {
    seconds = std::max<std::int64_t>(0, seconds);
    const std::int64_t minutes = seconds % kHour / kMinute;
    if (seconds < kHour)
        return QStringLiteral("%1:%2").arg(minutes).arg(twoDigits(seconds % kMinute));
    return QStringLiteral("%1:%2:%3").arg(seconds / kHour).arg(twoDigits(minutes), twoDigits(seconds % kMinute));
}

QString parameters(std::int64_t count) {
    const auto value = static_cast<double>(count);
    if (value >= 999.5e6)
        return Say::tr("%1 B", "billions of parameters").arg(fixed(value / 1e9, value < 9.995e9 ? 2 : 1));
    if (value >= 999.5e3)
        return Say::tr("%1 M", "millions of parameters").arg(fixed(value / 1e6, value < 99.95e6 ? 1 : 0));
    return QLocale().toString(static_cast<qlonglong>(count));
}

std::int64_t secondsOf(const google::protobuf::Timestamp& time) {
    return time.seconds();
}

QString shortName(const std::string& modelId) {
    const std::size_t slash = modelId.find('/');
    return text(slash == std::string::npos ? modelId : modelId.substr(slash + 1));
}

} // namespace mm::gui::models
