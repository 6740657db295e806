#include "engine/inference/queue/request_table.h"

#include <algorithm>

namespace mm::inference {

Request& RequestTable::add(Request request) {
    request.id = ++m_lastId;
    m_bytes += request.bytes;
    m_byName.emplace(request.call.requestId, request.id);
    const Instant deadline = std::exchange(request.deadline, Instant::max());
    Request& added = m_requests.emplace(request.id, std::move(request)).first->second;
    setDeadline(added, deadline);
    return added;
}

Request* RequestTable::find(std::uint64_t id) {
    const auto found = m_requests.find(id);
    return found == m_requests.end() ? nullptr : &found->second;
}

const Request* RequestTable::find(std::uint64_t id) const {
    const auto found = m_requests.find(id);
    return found == m_requests.end() ? nullptr : &found->second;
}

std::optional<Request> RequestTable::take(std::uint64_t id) {
    auto node = m_requests.extract(id);
    if (!node)
        return std::nullopt;
    m_bytes -= node.mapped().bytes;
    if (node.mapped().stage != Stage::Abandoned)
        forgetName(node.mapped());
    return std::move(node.mapped());
}

void RequestTable::setDeadline(Request& request, Instant deadline) {
    if (request.deadline != Instant::max())
        m_deadlines.erase({request.deadline, request.id});
    request.deadline = deadline;
    if (deadline != Instant::max())
        m_deadlines.emplace(deadline, request.id);
}

void RequestTable::forgetName(const Request& request) {
    m_deadlines.erase({request.deadline, request.id});
    const auto [first, last] = m_byName.equal_range(request.call.requestId);
    const auto entry = std::find_if(first, last, [&](const auto& each) { return each.second == request.id; });
    if (entry != last)
        m_byName.erase(entry);
}

std::vector<std::uint64_t> RequestTable::named(const std::string& requestId) const {
    std::vector<std::uint64_t> ids;
    const auto [first, last] = m_byName.equal_range(requestId);
    std::transform(first, last, std::back_inserter(ids), [](const auto& entry) { return entry.second; });
    std::sort(ids.begin(), ids.end());
    return ids;
}

std::uint64_t RequestTable::newest(const std::string& requestId) const {
    const std::vector<std::uint64_t> ids = named(requestId);
    return ids.empty() ? 0 : ids.back();
}

std::optional<Instant> RequestTable::nextDeadline() const {
    return m_deadlines.empty() ? std::nullopt : std::optional(m_deadlines.begin()->first);
}

std::uint64_t RequestTable::expired(Instant now) const {
    return m_deadlines.empty() || m_deadlines.begin()->first > now ? 0 : m_deadlines.begin()->second;
}

} // namespace mm::inference
