#include "engine/access/limits/meter.h"

#include <cmath>
#include <utility>

namespace mm::access {
namespace {

using namespace std::chrono_literals;

constexpr auto kMinute = std::chrono::duration<double>(1min);
constexpr auto kDay = std::chrono::duration<double>(24h);

Error exceeded(const std::string& name, std::string_view limit, double allowed, std::string_view unit,
               std::chrono::duration<double> wait) {
    const auto seconds = static_cast<std::int64_t>(std::ceil(wait.count()));
    const std::int64_t shown = std::max<std::int64_t>(seconds, 1);
    std::string number = std::to_string(allowed);
    number.erase(number.find_last_not_of('0') + 1);
    if (number.ends_with('.'))
        number.pop_back();
    return {ErrorCode::RateLimitExceeded,
            name + " has used up its limit of " + number + " " + std::string(unit) + ". Come back in " +
                std::to_string(shown) + " s.",
            {{"limit", std::string(limit)}, {"allowed", allowed}, {"retry_after_seconds", shown}}};
}

} // namespace

Meter::Meter(std::string name, const Limits& limits, Instant now) : m_name(std::move(name)) {
    setLimits(limits, now);
}

void Meter::setLimits(const Limits& limits, Instant now) {
    const std::lock_guard lock(m_mutex);
    if (limits.requestsPerMinute != m_limits.requestsPerMinute) {
        m_requests.reset();
        if (limits.requestsPerMinute)
            m_requests.emplace(*limits.requestsPerMinute, kMinute, now);
    }
    if (limits.computeSecondsPerMinute != m_limits.computeSecondsPerMinute) {
        m_perMinute.reset();
        if (limits.computeSecondsPerMinute)
            m_perMinute.emplace(*limits.computeSecondsPerMinute, kMinute, now);
    }
    if (limits.computeSecondsPerDay != m_limits.computeSecondsPerDay) {
        m_perDay.reset();
        if (limits.computeSecondsPerDay)
            m_perDay.emplace(*limits.computeSecondsPerDay, kDay, now);
    }
    m_limits = limits;
}

Result<void> Meter::takeRequest(Instant now) {
    const std::lock_guard lock(m_mutex);
    if (!m_requests || m_requests->take(1, now))
        return {};
    return exceeded(m_name, "requests_per_minute", *m_limits.requestsPerMinute, "requests a minute",
                    m_requests->until(1, now));
}

Result<void> Meter::checkCompute(Instant now) const {
    constexpr double kLeast = 1e-3; // a millisecond of compute: what a small request may take
    const std::lock_guard lock(m_mutex);
    const auto enough = [&](const std::optional<TokenBucket>& bucket, double allowed) {
        return !bucket || bucket->level(now) >= std::min(kLeast, allowed);
    };
    if (!enough(m_perDay, m_limits.computeSecondsPerDay.value_or(0)))
        return exceeded(m_name, "compute_seconds_per_day", *m_limits.computeSecondsPerDay, "compute seconds a day",
                        m_perDay->until(kLeast, now));
    if (!enough(m_perMinute, m_limits.computeSecondsPerMinute.value_or(0)))
        return exceeded(m_name, "compute_seconds_per_minute", *m_limits.computeSecondsPerMinute,
                        "compute seconds a minute", m_perMinute->until(kLeast, now));
    return {};
}

void Meter::chargeCompute(double seconds, Instant now) {
    if (!(seconds > 0))
        return;
    const std::lock_guard lock(m_mutex);
    for (auto* bucket : {&m_perMinute, &m_perDay})
        if (*bucket)
            (*bucket)->charge(seconds, now);
}

std::optional<QuotaUse> Meter::quotaUse(Instant now, WallTime at) const {
    const std::lock_guard lock(m_mutex);
    if (!m_perDay)
        return std::nullopt;
    const double allowed = *m_limits.computeSecondsPerDay;
    const double used = allowed - m_perDay->level(now);
    return used > 0 ? std::optional(QuotaUse{m_name, allowed, used, at}) : std::nullopt;
}

void Meter::takeBack(const QuotaUse& use, Instant now, WallTime at) {
    const std::lock_guard lock(m_mutex);
    if (m_perDay && m_limits.computeSecondsPerDay == use.allowed)
        m_perDay->charge(usedAt(use, at), now);
}

} // namespace mm::access
