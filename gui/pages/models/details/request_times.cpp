#include "gui/pages/models/details/request_times.h"

#include <algorithm>
#include <vector>

namespace mm::gui::models {
namespace {

double median(std::vector<double>& values) {
    if (values.empty())
        return 0;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1)
        return *middle;
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

} // namespace

RequestTimes timesOf(const google::protobuf::RepeatedPtrField<v1::QueueEntry>& requests) {
    std::array<std::vector<double>, kStages> stages;
    std::vector<double> totals;
    for (const v1::QueueEntry& request : requests) {
        if (request.state() != v1::REQUEST_STATE_COMPLETED || !request.has_metadata())
            continue;
        const TimeSplit split = timeSplitOf(request.metadata());
        for (std::size_t i = 0; i < kStages; ++i)
            stages[i].push_back(split.stages[i]);
        totals.push_back(split.total);
    }
    RequestTimes times;
    times.requests = static_cast<int>(totals.size());
    for (std::size_t i = 0; i < kStages; ++i)
        times.median.stages[i] = median(stages[i]);
    times.median.total = median(totals);
    return times;
}

} // namespace mm::gui::models
