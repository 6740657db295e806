#include "engine/inference/report/request_history.h"

#include <utility>

namespace mm::inference {

void RequestHistory::add(std::uint64_t id, modelmora::v1::QueueEntry entry) {
    if (m_mostEntries == 0)
        return;
    const std::size_t bytes = entry.SpaceUsedLong() + sizeof(Kept);
    const std::uint64_t place = m_dropped + m_entries.size();
    // Requests end in another order than they came; the newest to come is meant by a name.
    const Ended* known = find(entry.request_id());
    if (known == nullptr || known->id < id)
        m_newest[entry.request_id()] = place;
    m_bytes += bytes;
    m_entries.push_back({{id, std::move(entry)}, bytes});
    while (m_entries.size() > m_mostEntries || (m_bytes > m_mostBytes && m_entries.size() > 1))
        dropOldest();
}

void RequestHistory::dropOldest() {
    const Kept& oldest = m_entries.front();
    if (const auto name = m_newest.find(oldest.ended.entry.request_id());
        name != m_newest.end() && name->second == m_dropped)
        m_newest.erase(name);
    m_bytes -= oldest.bytes;
    m_entries.pop_front();
    ++m_dropped;
}

const RequestHistory::Ended* RequestHistory::find(const std::string& requestId) const {
    const auto found = m_newest.find(requestId);
    return found == m_newest.end() ? nullptr : &m_entries[found->second - m_dropped].ended;
}

} // namespace mm::inference
