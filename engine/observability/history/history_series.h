// Series of numbers made of spans of time, as the public API shows them. Pure.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/observability/history/history_spans.h"
#include "modelmora/v1/observability.pb.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mm::observability {

namespace v1 = modelmora::v1;

struct HistoryRange {
    WallTime from;
    WallTime to;
    Resolution resolution = kResolutions.front();
};

// What the request means at that time; ValidationError with every field that is wrong.
[[nodiscard]] Result<HistoryRange> rangeOf(const v1::GetHistoryRequest& request, WallTime now);

using DatedSpan = std::pair<WallTime, hv1::Span>;
// `spans` in the order of time, of the range's resolution.
[[nodiscard]] v1::HistoryReport reportOf(const v1::GetHistoryRequest& request, const HistoryRange& range,
                                         const std::vector<DatedSpan>& spans);

// Every name there is, of the machine (an empty id) or of a model.
[[nodiscard]] std::vector<std::string_view> seriesNames(bool ofModel);

} // namespace mm::observability
