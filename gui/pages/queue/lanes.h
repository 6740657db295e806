// What the queue's table says of each request, and in which lane it stands. Pure.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <QString>

#include <array>
#include <optional>
#include <vector>

namespace mm::gui {

namespace v1 = modelmora::v1;

// In the order in which they are served.
enum class Lane { Critical, High, Normal, Low };
inline constexpr int kLanes = 4;

Lane laneOf(v1::Priority priority);
v1::Priority priorityOf(Lane lane);
QString laneName(Lane lane);

bool isWaiting(const v1::QueueEntry& entry); // held or not
bool isOver(const v1::QueueEntry& entry);

// By how much the engine's clock is ahead of ours, as its answer says; unset where nothing waits to tell it by. All
// times are milliseconds since 1970.
std::optional<double> engineAhead(const v1::QueueReport& report, double here);

// `now` is by the engine's clock; a span below zero is one that is not known.
double waitedMs(const v1::QueueEntry& entry, double now);
double startsInMs(const v1::QueueEntry& entry, double now);
double deadlineInMs(const v1::QueueEntry& entry, double now);

QString positionText(const v1::QueueEntry& entry);
QString waitedText(const v1::QueueEntry& entry, double now);
QString startsText(const v1::QueueEntry& entry, double now);
QString deadlineText(const v1::QueueEntry& entry, double now);
QString becauseText(const v1::QueueEntry& entry);
QString stateText(const v1::QueueEntry& entry, double now);
// "3 running · 23 waiting · 2 held · oldest 4.1 s"
QString summaryText(const v1::QueueReport& report, double now);

// How many requests to ask the engine for: a screen's worth and some, more where the view is scrolled near the end of
// those (`depth`, 0 to 1) and there are others behind them; as many as now while some of them are chosen.
int entriesToAsk(int now, double depth, int total, bool isChosen);
// Waiting, by the engine's count, and running, of those that are known.
std::array<int, kLanes> laneTotals(const v1::QueueReport& report);

// What can be done with a request as it is.
bool canCancel(const v1::QueueEntry& entry);
bool canHold(const v1::QueueEntry& entry);
bool canRelease(const v1::QueueEntry& entry);
// One lane up (-1) or down (+1); unset at the end or where it does not wait.
std::optional<v1::Priority> neighbour(const v1::QueueEntry& entry, int step);

} // namespace mm::gui
