#include "gui/widgets/time_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace mm::gui {
namespace {

constexpr double kSecond = 1000.0;
constexpr double kMinute = 60 * kSecond;
constexpr double kHour = 60 * kMinute;
constexpr double kDay = 24 * kHour;
constexpr double kFewMs = 9.95;
constexpr qlonglong kFewMinutes = 10; // of which seconds are still told
constexpr double kNow = 1'500;        // ms; what is asked every second is as good as now

QString say(const char* text) {
    return QCoreApplication::translate("time", text);
}

} // namespace

QString spanText(double ms) {
    if (!std::isfinite(ms) || ms < 0)
        return kNothing;
    const QLocale locale;
    if (ms == 0)
        return say("0 ms");
    if (ms < kFewMs)
        return say("%1 ms").arg(locale.toString(ms, 'f', ms < 0.1 ? 2 : 1));
    if (ms < kSecond - 0.5)
        return say("%1 ms").arg(locale.toString(ms, 'f', 0));
    if (ms < kMinute - kSecond / 2)
        return say("%1 s").arg(locale.toString(ms / kSecond, 'f', ms < 20 * kSecond ? 1 : 0));
    const qlonglong seconds = std::llround(ms / kSecond);
    const qlonglong minutes = seconds / 60;
    if (minutes < kFewMinutes)
        return seconds % 60 == 0 ? say("%1 min").arg(minutes) : say("%1 min %2 s").arg(minutes).arg(seconds % 60);
    if (ms < kHour)
        return say("%1 min").arg(minutes);
    if (ms < 2 * kDay)
        return say("%1 h %2 min").arg(minutes / 60).arg(minutes % 60);
    return say("%1 d %2 h").arg(minutes / (24 * 60)).arg(minutes / 60 % 24);
}

QString agoText(double ms) {
    if (ms < kNow)
        return say("now");
    if (ms < kMinute)
        return say("%1 s ago").arg(std::floor(ms / kSecond));
    if (ms < kHour)
        return say("%1 min ago").arg(std::floor(ms / kMinute));
    if (ms < 2 * kDay)
        return say("%1 h ago").arg(std::floor(ms / kHour));
    return say("%1 d ago").arg(std::floor(ms / kDay));
}

QString countdownText(std::int64_t seconds) {
    seconds = std::max<std::int64_t>(0, seconds);
    const auto twoDigits = [](std::int64_t value) { return QStringLiteral("%1").arg(value, 2, 10, QLatin1Char('0')); };
    const std::int64_t minutes = seconds / 60;
    if (minutes < 60)
        return QStringLiteral("%1:%2").arg(minutes).arg(twoDigits(seconds % 60));
    return QStringLiteral("%1:%2:%3").arg(minutes / 60).arg(twoDigits(minutes % 60), twoDigits(seconds % 60));
}

double msOf(const google::protobuf::Timestamp& time) {
    return static_cast<double>(time.seconds()) * kSecond + static_cast<double>(time.nanos()) / 1e6;
}

QString shortId(const std::string& id) {
    constexpr qsizetype kLongest = 16;
    const QString text = QString::fromStdString(id);
    return text.size() <= kLongest ? text : QString(text.left(6) % QChar(0x2026) % text.right(4));
}

} // namespace mm::gui
