// Meter: what one identity has used of its limits. Requests are taken before, compute is charged after it was used, so
// a long request may leave a debt that the next ones wait for. Kept in memory; the quota of a day is also told and
// taken back, so that it outlives the engine. Any thread.
#pragma once

#include "engine/access/identity.h"
#include "engine/access/limits/quota_use.h"
#include "engine/access/limits/token_bucket.h"
#include "engine/base/result.h"

#include <mutex>
#include <optional>
#include <string>

namespace mm::access {

class Meter {
public:
    Meter(std::string name, const Limits& limits, Instant now);

    // One request. Fails with RateLimitExceeded and when to come back.
    Result<void> takeRequest(Instant now);
    // Fails as above while no compute is left.
    [[nodiscard]] Result<void> checkCompute(Instant now) const;
    void chargeCompute(double seconds, Instant now);
    // Other limits from now on; what has been used of those that stay the same stays used.
    void setLimits(const Limits& limits, Instant now);

    // Of its quota of a day; nothing where it has none, or nothing of it is used.
    [[nodiscard]] std::optional<QuotaUse> quotaUse(Instant now, WallTime at) const;
    // As it was told before, by an earlier engine; once, before anything is charged. Of another quota than it has now
    // it says nothing.
    void takeBack(const QuotaUse& use, Instant now, WallTime at);

private:
    std::string m_name;
    mutable std::mutex m_mutex;
    Limits m_limits;
    std::optional<TokenBucket> m_requests;
    std::optional<TokenBucket> m_perMinute;
    std::optional<TokenBucket> m_perDay;
};

} // namespace mm::access
