// Where the time of one request went, stage by stage. Pure.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <QString>

#include <array>

namespace mm::gui {

inline constexpr std::size_t kStages = 6;

struct TimeSplit {
    // queue, load, batch wait, tokenise, compute, send; milliseconds
    std::array<double, kStages> stages{};
    double total = 0; // of one request: at least their sum

    bool operator==(const TimeSplit&) const = default;
};

TimeSplit timeSplitOf(const modelmora::v1::InferenceMetadata& metadata);
QString stageName(std::size_t stage);
// "queue 1.2 ms · compute 5.0 ms", without what took no time.
QString splitText(const TimeSplit& split);

} // namespace mm::gui
