// ClientTable: the clients that have requests, or had some lately, under small dense numbers, with their weights and
// what they were charged. Only so many idle ones are remembered: names come from outside. Engine thread.
#pragma once

#include "engine/inference/queue/fair_share.h"

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace mm::inference {

class ClientTable {
public:
    struct Client {
        std::string name;
        double weight = 1;
        std::int64_t charged = 0; // microseconds
        std::uint32_t unfinished = 0;
    };

    explicit ClientTable(ClientWeights weights, std::size_t mostIdle = 1000)
        : m_weights(std::move(weights)), m_mostIdle(mostIdle) {}

    // One request of this client more, and one less. Where an idle client had to go, its number is returned: nothing
    // may be kept under it.
    std::uint32_t enter(const std::string& name);
    std::optional<std::uint32_t> leave(std::uint32_t client);
    // Of those that are remembered too.
    void setWeights(ClientWeights weights);
    void charge(std::uint32_t client, std::int64_t micros) { m_entries[client].client.charged += micros; }

    [[nodiscard]] const Client& at(std::uint32_t client) const { return m_entries[client].client; }
    // Every client that is remembered.
    [[nodiscard]] std::vector<std::uint32_t> all() const;

private:
    struct Entry {
        Client client;
        std::list<std::uint32_t>::iterator idle;
    };

    [[nodiscard]] double weightOf(const std::string& name) const;

    ClientWeights m_weights;
    std::size_t m_mostIdle;
    std::vector<Entry> m_entries;
    std::vector<std::uint32_t> m_free;
    std::unordered_map<std::string, std::uint32_t> m_byName;
    std::list<std::uint32_t> m_idle; // the longest idle first
};

} // namespace mm::inference
