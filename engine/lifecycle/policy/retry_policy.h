// When a model that failed may be tried again. What trying again cannot mend (damaged files, an unknown architecture, a
// wrong setting) is refused until the model is another one: its registration, configuration or files have changed. What
// may pass (a crash, a timeout) is tried again at once a few times, then after pauses that double, and after many
// failures in a row only after a long one. An explicit load always tries. Pure: times in, decision out.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/error.h"

#include <chrono>
#include <optional>
#include <string>

namespace mm::lifecycle {

struct RetryOptions {
    // So many failures in a row until there are pauses.
    int failures = 3;
    // The first pause; each further failure doubles it, up to the longest.
    std::chrono::milliseconds pause{1'000};
    std::chrono::milliseconds longestPause{60'000};
    // After so many in a row the model is given up for a long time.
    int mostFailures = 10;
    std::chrono::milliseconds givenUp{600'000};
    // Failures further apart than this, counted from the end of the pause, are not in a row.
    std::chrono::milliseconds window{60'000};
};

enum class FailureClass { Passing, Lasting };

// Lasting: the same files and settings fail in the same way each time.
[[nodiscard]] FailureClass failureClass(ErrorCode code);

class FailureHistory {
public:
    explicit FailureHistory(RetryOptions options) : m_options(options) {}

    // `stamp` names what was to be loaded, for lasting failures (see load_stamp.h).
    void record(Instant when, FailureClass kind = FailureClass::Passing, std::string stamp = {});
    // An operator orders a new attempt, or the model is forgotten.
    void clear();
    // What would be loaded now: anything else than what failed for good is worth an attempt.
    void observe(const std::string& stamp);

    // Until when requests are refused, Instant::max() for a lasting failure; nothing when a load may be tried now.
    [[nodiscard]] std::optional<Instant> blockedUntil(Instant now) const;
    [[nodiscard]] bool isLasting() const { return m_lasting; }
    // Not to be tried again soon: too many failures in a row.
    [[nodiscard]] bool isGivenUp() const { return m_inRow >= m_options.mostFailures; }
    // In a row.
    [[nodiscard]] int recent() const { return m_inRow; }

private:
    [[nodiscard]] std::chrono::milliseconds pause() const;

    RetryOptions m_options;
    int m_inRow = 0;
    Instant m_last;
    bool m_lasting = false;
    std::string m_stamp;
};

// What a request for a blocked model is told, from the failure that blocks it: the reason itself with its code where it
// is lasting, UnhealthyModel with the time to wait where it may pass.
[[nodiscard]] Error refusal(const std::string& key, const FailureHistory& history, const Error& lastFailure,
                            Instant now);

} // namespace mm::lifecycle
