// Where the time of a model's requests went: the median of each part over recent ones. Pure.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <google/protobuf/repeated_ptr_field.h>

#include <array>

namespace mm::gui::models {

namespace v1 = modelmora::v1;

// In the order in which a request goes through them.
enum class Part { Queue, Load, BatchWait, Tokenize, Compute, Send };
inline constexpr std::size_t kParts = 6;

struct RequestTimes {
    int requests = 0;
    std::array<double, kParts> medianMs{};
    double totalMs = 0; // the median of the whole, which is not the sum of the medians

    bool operator==(const RequestTimes&) const = default;
};

// Of those that have completed.
RequestTimes timesOf(const google::protobuf::RepeatedPtrField<v1::QueueEntry>& requests);

} // namespace mm::gui::models
