#include "engine/lifecycle/policy/retry_policy.h"

#include <algorithm>
#include <cmath>

namespace mm::lifecycle {

FailureClass failureClass(ErrorCode code) {
    switch (code) {
    case ErrorCode::InvalidModelFiles:
    case ErrorCode::UnsupportedModel:
    case ErrorCode::InvalidConfiguration:
    case ErrorCode::ValidationError:
    case ErrorCode::InvalidTaskType:
    case ErrorCode::DeviceUnavailable:
    case ErrorCode::ChecksumMismatch:
    case ErrorCode::SourceNotFound:
    case ErrorCode::NotImplemented:
        return FailureClass::Lasting;
    default:
        return FailureClass::Passing;
    }
}

void FailureHistory::record(Instant when, FailureClass kind, std::string stamp) {
    const bool calm = m_inRow > 0 && when - m_last > pause() + m_options.window;
    m_inRow = calm ? 1 : m_inRow + 1;
    m_last = when;
    m_lasting = kind == FailureClass::Lasting;
    m_stamp = std::move(stamp);
}

void FailureHistory::clear() {
    m_inRow = 0;
    m_lasting = false;
    m_stamp.clear();
}

void FailureHistory::observe(const std::string& stamp) {
    if (m_lasting && stamp != m_stamp)
        clear();
}

std::chrono::milliseconds FailureHistory::pause() const {
    if (m_inRow < m_options.failures)
        return std::chrono::milliseconds{0};
    if (isGivenUp())
        return m_options.givenUp;
    constexpr int kMostDoublings = 30;
    const int doublings = std::min(m_inRow - m_options.failures, kMostDoublings);
    return std::min(m_options.pause * (std::int64_t(1) << doublings), m_options.longestPause);
}

std::optional<Instant> FailureHistory::blockedUntil(Instant now) const {
    if (m_lasting)
        return Instant::max();
    const Instant until = m_last + pause();
    return m_inRow > 0 && now < until ? std::optional(until) : std::nullopt;
}

Error refusal(const std::string& key, const FailureHistory& history, const Error& lastFailure, Instant now) {
    const auto until = history.blockedUntil(now);
    if (history.isLasting() || !until) {
        Error error = lastFailure;
        error.message += ". The model " + key +
                         " is tried again when its registration, configuration or files have changed, or by an "
                         "explicit load";
        return error;
    }
    const auto seconds =
        std::max(std::int64_t(1), static_cast<std::int64_t>(std::ceil(toMilliseconds(*until - now) / 1000)));
    Error error{ErrorCode::UnhealthyModel,
                "the model " + key + " failed " + std::to_string(history.recent()) + " times in a row and is " +
                    (history.isGivenUp() ? "given up; it is tried again in " : "tried again in ") +
                    std::to_string(seconds) +
                    " s, or at once by an explicit load; the last time: " + lastFailure.message,
                lastFailure.facts};
    error.facts["failures"] = std::int64_t(history.recent());
    error.facts["retry_after_seconds"] = seconds;
    error.facts["cause"] = std::string(errorName(lastFailure.code));
    return error;
}

} // namespace mm::lifecycle
