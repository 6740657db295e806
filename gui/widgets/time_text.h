// How spans of time are written, the same on every page. Pure.
#pragma once

#include "gui/widgets/figures.h"

#include <QString>

#include <google/protobuf/timestamp.pb.h>

namespace mm::gui {

// "0.4 ms", "8 ms", "4.1 s", "10 min", "2 h 5 min"; never more digits than mean something.
QString spanText(double ms);

// Milliseconds since 1970; 0 where it is not set.
double msOf(const google::protobuf::Timestamp& time);

// A request's or job's id with its middle left out.
QString shortId(const std::string& id);

} // namespace mm::gui
