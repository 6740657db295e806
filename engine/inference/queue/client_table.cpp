#include "engine/inference/queue/client_table.h"

namespace mm::inference {

double ClientTable::weightOf(const std::string& name) const {
    const auto weight = m_weights.find(name);
    return weight == m_weights.end() ? 1.0 : weight->second;
}

void ClientTable::setWeights(ClientWeights weights) {
    m_weights = std::move(weights);
    for (const auto& [name, number] : m_byName)
        m_entries[number].client.weight = weightOf(name);
}

std::uint32_t ClientTable::enter(const std::string& name) {
    if (const auto known = m_byName.find(name); known != m_byName.end()) {
        Entry& entry = m_entries[known->second];
        if (entry.client.unfinished++ == 0)
            m_idle.erase(entry.idle);
        return known->second;
    }
    auto number = static_cast<std::uint32_t>(m_entries.size());
    if (m_free.empty()) {
        m_entries.emplace_back();
    } else {
        number = m_free.back();
        m_free.pop_back();
    }
    m_entries[number].client = {name, weightOf(name), 0, 1};
    m_byName.emplace(name, number);
    return number;
}

std::optional<std::uint32_t> ClientTable::leave(std::uint32_t client) {
    Entry& entry = m_entries[client];
    if (--entry.client.unfinished > 0)
        return std::nullopt;
    entry.idle = m_idle.insert(m_idle.end(), client);
    if (m_idle.size() <= m_mostIdle)
        return std::nullopt;
    const std::uint32_t forgotten = m_idle.front();
    m_idle.pop_front();
    m_byName.erase(m_entries[forgotten].client.name);
    m_free.push_back(forgotten);
    return forgotten;
}

std::vector<std::uint32_t> ClientTable::all() const {
    std::vector<std::uint32_t> clients;
    clients.reserve(m_byName.size());
    for (const auto& [name, client] : m_byName)
        clients.push_back(client);
    return clients;
}

} // namespace mm::inference
