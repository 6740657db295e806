// How times are written, the same on every page. Pure.
#pragma once

#include "gui/widgets/figures.h"

#include <QString>

#include <google/protobuf/timestamp.pb.h>

namespace mm::gui {

// "0.4 ms", "82 ms", "4.1 s", "3 min 20 s", "10 min", "2 h 5 min", "3 d 4 h"; never more digits than mean something.
QString spanText(double ms);
// "now", "22 s ago", "4 min ago", "3 d ago"
QString agoText(double ms);
// What is waited for, to the second: "5:58", "1:00:02"
QString countdownText(std::int64_t seconds);

// Milliseconds since 1970; 0 where it is not set.
double msOf(const google::protobuf::Timestamp& time);

// A request's or job's id with its middle left out.
QString shortId(const std::string& id);

} // namespace mm::gui
