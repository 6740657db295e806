// Answers that are given once more where a client sends the same request again under the same Idempotency-Key: for
// requests whose work is done once and whose answer may get lost on the way. What went well is remembered for a time,
// in memory; a repeat that comes while the first is under way gets the first one's answer. Safe from any thread.
#pragma once

#include "engine/rest/answer.h"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace mm::rest::semantics {

class ReplayedAnswers {
public:
    using Clock = std::chrono::steady_clock;
    explicit ReplayedAnswers(std::chrono::seconds keepFor = std::chrono::hours(24), std::size_t most = 4096)
        : m_keepFor(keepFor), m_most(most) {}

    enum class Turn {
        First,   // go on, and call end()
        Repeats, // `repeat` gets the answer, now or when the first has it
        Differs, // the key was used for another request
    };
    Turn begin(const std::string& key, const std::string& fingerprint, std::function<void(const Answer&)> repeat);
    // Of what failed nothing is remembered: a repeat tries again.
    void end(const std::string& key, const Answer& answer);

private:
    struct Entry {
        std::string fingerprint;
        std::optional<Answer> answer;
        std::vector<std::function<void(const Answer&)>> waiting;
    };
    void forgetOld(Clock::time_point now);

    const std::chrono::seconds m_keepFor;
    const std::size_t m_most;
    std::mutex m_mutex; // never held while an answer is given
    std::map<std::string, Entry> m_entries;
    std::deque<std::pair<Clock::time_point, std::string>> m_ended; // oldest first
};

} // namespace mm::rest::semantics
