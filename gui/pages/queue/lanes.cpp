#include "gui/pages/queue/lanes.h"

#include "gui/widgets/time_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>

namespace mm::gui {
namespace {

constexpr double kUnknown = -1;

QString say(const char* text, int number = -1) {
    return QCoreApplication::translate("queue", text, nullptr, number);
}

} // namespace

Lane laneOf(v1::Priority priority) {
    switch (priority) {
    case v1::PRIORITY_CRITICAL:
        return Lane::Critical;
    case v1::PRIORITY_HIGH:
        return Lane::High;
    case v1::PRIORITY_LOW:
        return Lane::Low;
    default:
        return Lane::Normal;
    }
}

v1::Priority priorityOf(Lane lane) {
    constexpr std::array kAll{v1::PRIORITY_CRITICAL, v1::PRIORITY_HIGH, v1::PRIORITY_NORMAL, v1::PRIORITY_LOW};
    return kAll.at(static_cast<std::size_t>(lane));
}

QString laneName(Lane lane) {
    switch (lane) {
    case Lane::Critical:
        return say("critical");
    case Lane::High:
        return say("high");
    case Lane::Normal:
        return say("normal");
    case Lane::Low:
        return say("low");
    }
    return {};
}

bool isWaiting(const v1::QueueEntry& entry) {
    return entry.state() == v1::REQUEST_STATE_WAITING || entry.state() == v1::REQUEST_STATE_HELD;
}

bool isOver(const v1::QueueEntry& entry) {
    return entry.state() == v1::REQUEST_STATE_COMPLETED || entry.state() == v1::REQUEST_STATE_FAILED ||
           entry.state() == v1::REQUEST_STATE_CANCELLED;
}

std::optional<double> engineAhead(const v1::QueueReport& report, double here) {
    for (const v1::QueueEntry& entry : report.entries())
        if (isWaiting(entry) && entry.has_received_at())
            return msOf(entry.received_at()) + entry.waited_ms() - here;
    return std::nullopt;
}

double waitedMs(const v1::QueueEntry& entry, double now) {
    if (!isWaiting(entry) || !entry.has_received_at())
        return entry.waited_ms();
    return std::max(0.0, now - msOf(entry.received_at()));
}

double startsInMs(const v1::QueueEntry& entry, double now) {
    if (!isWaiting(entry) || !entry.has_estimated_start_at())
        return kUnknown;
    return std::max(0.0, msOf(entry.estimated_start_at()) - now);
}

double deadlineInMs(const v1::QueueEntry& entry, double now) {
    return entry.has_deadline() && !isOver(entry) ? std::max(0.0, msOf(entry.deadline()) - now) : kUnknown;
}

QString positionText(const v1::QueueEntry& entry) {
    return entry.position() > 0 ? QLocale().toString(entry.position()) : kNothing;
}

QString waitedText(const v1::QueueEntry& entry, double now) {
    return spanText(waitedMs(entry, now));
}

QString startsText(const v1::QueueEntry& entry, double now) {
    switch (entry.state()) {
    case v1::REQUEST_STATE_RUNNING:
        return say("runs");
    case v1::REQUEST_STATE_HELD:
        return say("held");
    default: {
        const double span = startsInMs(entry, now);
        return span == 0 ? say("now") : spanText(span);
    }
    }
}

QString deadlineText(const v1::QueueEntry& entry, double now) {
    const double span = deadlineInMs(entry, now);
    return span == 0 ? say("now") : spanText(span);
}

QString becauseText(const v1::QueueEntry& entry) {
    if (entry.state() == v1::REQUEST_STATE_RUNNING)
        return entry.inputs() > 1 ? say("%1 of %2 inputs")
                                        .arg(QLocale().toString(entry.inputs_done()))
                                        .arg(QLocale().toString(entry.inputs()))
                                  : QString();
    if (!entry.reason().empty())
        return QString::fromStdString(entry.reason());
    return entry.state() == v1::REQUEST_STATE_HELD ? say("held by hand") : say("next batch");
}

QString stateText(const v1::QueueEntry& entry, double now) {
    switch (entry.state()) {
    case v1::REQUEST_STATE_RUNNING:
        return say("runs");
    case v1::REQUEST_STATE_HELD:
        return entry.position() > 0 ? say("held at position %1").arg(positionText(entry)) : say("held");
    case v1::REQUEST_STATE_COMPLETED:
        return say("completed");
    case v1::REQUEST_STATE_FAILED:
        return say("failed");
    case v1::REQUEST_STATE_CANCELLED:
        return say("cancelled");
    default:
        break;
    }
    if (startsInMs(entry, now) < 0)
        return say("position %1").arg(positionText(entry));
    return say("position %1, starts in ≈ %2").arg(positionText(entry), spanText(startsInMs(entry, now)));
}

QString summaryText(const v1::QueueReport& report, double now) {
    int held = 0;
    double oldest = kUnknown;
    for (const v1::QueueEntry& entry : report.entries()) {
        held += entry.state() == v1::REQUEST_STATE_HELD ? 1 : 0;
        if (isWaiting(entry))
            oldest = std::max(oldest, waitedMs(entry, now));
    }
    const int waiting = std::max(0, report.total() - report.running());
    QStringList parts{say("%n running", report.running()), say("%n waiting", waiting)};
    if (held > 0)
        parts << say("%n held", held);
    if (oldest >= 0)
        parts << say("oldest %1").arg(spanText(oldest));
    return parts.join(QStringLiteral(" · "));
}

int entriesToAsk(int now, double depth, int total, bool isChosen) {
    constexpr int kFew = 200;
    constexpr int kMost = 100'000; // what the engine gives
    constexpr double kNearEnd = 0.8;
    if (depth > kNearEnd && total > now)
        return std::min({kMost, now * 2, total + kFew});
    constexpr double kNearTop = 0.05;
    return depth < kNearTop && !isChosen ? kFew : now;
}

std::array<int, kLanes> laneTotals(const v1::QueueReport& report) {
    const v1::QueueStatus& waiting = report.depth();
    std::array<int, kLanes> totals{waiting.critical_priority(), waiting.high_priority(), waiting.medium_priority(),
                                   waiting.low_priority()};
    for (const v1::QueueEntry& entry : report.entries())
        if (!isWaiting(entry))
            ++totals[static_cast<std::size_t>(laneOf(entry.priority()))];
    return totals;
}

bool canCancel(const v1::QueueEntry& entry) {
    return isWaiting(entry) || entry.state() == v1::REQUEST_STATE_RUNNING;
}

bool canHold(const v1::QueueEntry& entry) {
    return entry.state() == v1::REQUEST_STATE_WAITING;
}

bool canRelease(const v1::QueueEntry& entry) {
    return entry.state() == v1::REQUEST_STATE_HELD;
}

std::optional<v1::Priority> neighbour(const v1::QueueEntry& entry, int step) {
    const int lane = static_cast<int>(laneOf(entry.priority())) + step;
    if (!isWaiting(entry) || lane < 0 || lane >= kLanes)
        return std::nullopt;
    return priorityOf(static_cast<Lane>(lane));
}

} // namespace mm::gui
