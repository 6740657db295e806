// Which requests an operator means: by state, model, client, time and how long they took. Pure.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "modelmora/v1/observability.pb.h"

namespace mm::observability {

namespace v1 = modelmora::v1;

inline constexpr int kUsualRequests = 100;
inline constexpr int kMostRequests = 1'000;

// ValidationError where the filter could mean nothing.
[[nodiscard]] Result<void> checkFilter(const v1::ListRequestsRequest& filter);
[[nodiscard]] int limitOf(const v1::ListRequestsRequest& filter);

// Requests that have not ended can be meant.
[[nodiscard]] bool meansLive(const v1::ListRequestsRequest& filter);
// Only those that are kept across restarts, failed and slow ones, are looked for there.
[[nodiscard]] bool matches(const v1::ListRequestsRequest& filter, const v1::QueueEntry& entry, WallTime now);

// From its arrival to its end, or until now; in milliseconds.
[[nodiscard]] double totalMs(const v1::QueueEntry& entry, WallTime now);
[[nodiscard]] WallTime wallTime(const google::protobuf::Timestamp& time);
// Its end, or its arrival where it has not ended.
[[nodiscard]] WallTime timeOf(const v1::QueueEntry& entry);

} // namespace mm::observability
