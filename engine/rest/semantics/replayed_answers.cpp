#include "engine/rest/semantics/replayed_answers.h"

#include <utility>

namespace mm::rest::semantics {

ReplayedAnswers::Turn ReplayedAnswers::begin(const std::string& key, const std::string& fingerprint,
                                             std::function<void(const Answer&)> repeat) {
    std::unique_lock lock(m_mutex);
    forgetOld(Clock::now());
    const auto [at, isNew] = m_entries.try_emplace(key, Entry{fingerprint, std::nullopt, {}});
    if (isNew)
        return Turn::First;
    Entry& entry = at->second;
    if (entry.fingerprint != fingerprint)
        return Turn::Differs;
    if (!entry.answer) {
        entry.waiting.push_back(std::move(repeat));
        return Turn::Repeats;
    }
    const Answer answer = *entry.answer;
    lock.unlock();
    repeat(answer);
    return Turn::Repeats;
}

void ReplayedAnswers::end(const std::string& key, const Answer& answer) {
    std::vector<std::function<void(const Answer&)>> waiting;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_entries.find(key);
        if (found == m_entries.end() || found->second.answer)
            return;
        waiting = std::exchange(found->second.waiting, {});
        if (answer.status < 300) {
            found->second.answer = answer;
            m_ended.emplace_back(Clock::now(), key);
        } else {
            m_entries.erase(found);
        }
    }
    for (const auto& repeat : waiting)
        repeat(answer);
}

void ReplayedAnswers::forgetOld(Clock::time_point now) {
    while (!m_ended.empty() && (m_ended.size() > m_most || now - m_ended.front().first >= m_keepFor)) {
        m_entries.erase(m_ended.front().second);
        m_ended.pop_front();
    }
}

} // namespace mm::rest::semantics
