#include "engine/ipc/retry_after.h"

#include "engine/ipc/loss_cause.h"

#include <algorithm>
#include <cmath>

namespace mm {

int retryAfterSeconds(const Error& error) {
    if (const auto known = error.facts.find("retry_after_seconds"); known != error.facts.end()) {
        if (const auto* seconds = std::get_if<std::int64_t>(&known->second))
            return static_cast<int>(std::clamp<std::int64_t>(*seconds, 1, 3600));
        if (const auto* seconds = std::get_if<double>(&known->second))
            return static_cast<int>(std::clamp(std::ceil(*seconds), 1.0, 3600.0));
    }
    if (ipc::isKilled(error))
        return 0;
    switch (error.code) {
    case ErrorCode::QueueFull:
    case ErrorCode::SlowReader:
    case ErrorCode::RateLimitExceeded:
    case ErrorCode::ServiceUnavailable:
    case ErrorCode::WorkerCrashed:
        return 1;
    default:
        return 0;
    }
}

} // namespace mm
