// Where the time of a model's requests went: the median of each stage over recent ones. Pure.
#pragma once

#include "gui/widgets/time_split.h"
#include "modelmora/v1/inference.pb.h"

#include <google/protobuf/repeated_ptr_field.h>

namespace mm::gui::models {

namespace v1 = modelmora::v1;

struct RequestTimes {
    int requests = 0;
    TimeSplit median; // its total is the median of the whole, which is not the sum of the medians

    bool operator==(const RequestTimes&) const = default;
};

// Of those that have completed.
RequestTimes timesOf(const google::protobuf::RepeatedPtrField<v1::QueueEntry>& requests);

} // namespace mm::gui::models
