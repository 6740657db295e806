#include "engine/inference/report/request_history.h"

#include <utility>

namespace mm::inference {
namespace {

// A node of the map of names, about.
constexpr std::size_t kBytesPerName = 64;

} // namespace

std::size_t RequestHistory::Kept::bytes() const {
    return sizeof(Kept) + name.capacity() + entry.capacity() + kBytesPerName;
}

void RequestHistory::add(std::uint64_t id, modelmora::v1::QueueEntry entry) {
    if (m_mostEntries == 0)
        return;
    Kept kept{.id = id, .name = std::move(*entry.mutable_request_id()), .entry = {}};
    entry.clear_request_id();
    if (entry.metadata().request_id() == kept.name)
        entry.mutable_metadata()->clear_request_id();
    kept.entry = entry.SerializeAsString();
    m_bytes += kept.bytes();
    const std::uint64_t place = m_dropped + m_entries.size();
    m_entries.push_back(std::make_shared<const Kept>(std::move(kept)));
    // Requests end in another order than they came; the newest to come is meant by a name.
    const std::string_view name = m_entries.back()->name;
    const auto known = m_newest.find(name);
    if (known == m_newest.end()) {
        m_newest.emplace(name, place);
    } else if (m_entries[known->second - m_dropped]->id < id) {
        m_newest.erase(known);
        m_newest.emplace(name, place);
    }
    while (m_entries.size() > m_mostEntries || (m_bytes > m_mostBytes && m_entries.size() > 1))
        dropOldest();
}

void RequestHistory::dropOldest() {
    const Kept& oldest = *m_entries.front();
    if (const auto name = m_newest.find(oldest.name); name != m_newest.end() && name->second == m_dropped)
        m_newest.erase(name);
    m_bytes -= oldest.bytes();
    m_entries.pop_front();
    ++m_dropped;
}

std::optional<RequestHistory::Ended> RequestHistory::find(const std::string& requestId) const {
    const auto found = m_newest.find(requestId);
    if (found == m_newest.end())
        return std::nullopt;
    const Kept& kept = *m_entries[found->second - m_dropped];
    std::optional<modelmora::v1::QueueEntry> entry = read(kept);
    return entry ? std::optional(Ended{kept.id, std::move(*entry)}) : std::nullopt;
}

std::optional<modelmora::v1::QueueEntry> RequestHistory::read(const Kept& kept) {
    modelmora::v1::QueueEntry entry;
    if (!entry.ParseFromString(kept.entry))
        return std::nullopt;
    entry.set_request_id(kept.name);
    if (entry.has_metadata() && entry.metadata().request_id().empty())
        entry.mutable_metadata()->set_request_id(kept.name);
    return entry;
}

} // namespace mm::inference
