#include "engine/observability/requests/request_filter.h"

#include <algorithm>

namespace mm::observability {
namespace {

bool isMeant(const v1::QueueEntry& entry, const std::string& modelId) {
    if (modelId.empty() || modelId == entry.model_id())
        return true;
    const std::size_t at = modelId.rfind('@');
    return at != std::string::npos && modelId.compare(0, at, entry.model_id()) == 0 &&
           modelId.compare(at + 1, std::string::npos, entry.version()) == 0;
}

} // namespace

Result<void> checkFilter(const v1::ListRequestsRequest& filter) {
    Error error{ErrorCode::ValidationError, "The request is not acceptable."};
    if (filter.limit() < 0 || filter.limit() > kMostRequests)
        error.fieldErrors.push_back({"limit", "must be from 1 to " + std::to_string(kMostRequests)});
    if (!(filter.slower_than_ms() >= 0))
        error.fieldErrors.push_back({"slower_than_ms", "must not be negative"});
    if (filter.has_since() && filter.has_until() && wallTime(filter.since()) >= wallTime(filter.until()))
        error.fieldErrors.push_back({"since", "must be before until"});
    if (!v1::RequestState_IsValid(filter.state()))
        error.fieldErrors.push_back({"state", "is none that this version knows"});
    if (!error.fieldErrors.empty())
        return error;
    return {};
}

int limitOf(const v1::ListRequestsRequest& filter) {
    return filter.limit() == 0 ? kUsualRequests : filter.limit();
}

bool meansLive(const v1::ListRequestsRequest& filter) {
    return filter.error_code().empty() &&
           (filter.state() == v1::REQUEST_STATE_UNSPECIFIED || filter.state() == v1::REQUEST_STATE_WAITING ||
            filter.state() == v1::REQUEST_STATE_HELD || filter.state() == v1::REQUEST_STATE_RUNNING);
}

bool matches(const v1::ListRequestsRequest& filter, const v1::QueueEntry& entry, WallTime now) {
    if (filter.state() != v1::REQUEST_STATE_UNSPECIFIED && filter.state() != entry.state())
        return false;
    if (!isMeant(entry, filter.model_id()) || (!filter.client().empty() && filter.client() != entry.client()))
        return false;
    if (!filter.error_code().empty() && filter.error_code() != entry.error().code())
        return false;
    if (filter.has_since() && timeOf(entry) < wallTime(filter.since()))
        return false;
    if (filter.has_until() && timeOf(entry) >= wallTime(filter.until()))
        return false;
    return filter.slower_than_ms() <= 0 || totalMs(entry, now) > filter.slower_than_ms();
}

double totalMs(const v1::QueueEntry& entry, WallTime now) {
    if (entry.metadata().total_time_ms() > 0)
        return entry.metadata().total_time_ms();
    const WallTime end = entry.has_finished_at() ? wallTime(entry.finished_at()) : now;
    return std::max(0.0, std::chrono::duration<double, std::milli>(end - wallTime(entry.received_at())).count());
}

WallTime wallTime(const google::protobuf::Timestamp& time) {
    return WallTime(std::chrono::duration_cast<WallTime::duration>(std::chrono::seconds(time.seconds()) +
                                                                   std::chrono::nanoseconds(time.nanos())));
}

WallTime timeOf(const v1::QueueEntry& entry) {
    return wallTime(entry.has_finished_at() ? entry.finished_at() : entry.received_at());
}

} // namespace mm::observability
