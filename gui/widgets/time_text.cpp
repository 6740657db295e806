#include "gui/widgets/time_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <cmath>

namespace mm::gui {
namespace {

constexpr double kSecond = 1000.0;
constexpr double kMinute = 60 * kSecond;
constexpr double kHour = 60 * kMinute;
constexpr double kFewMs = 9.95;

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
    if (ms < kMinute)
        return say("%1 s").arg(locale.toString(ms / kSecond, 'f', ms < 20 * kSecond ? 1 : 0));
    const auto minutes = static_cast<qlonglong>(ms / kMinute);
    if (ms < kHour)
        return say("%1 min").arg(minutes);
    return say("%1 h %2 min").arg(minutes / 60).arg(minutes % 60);
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
