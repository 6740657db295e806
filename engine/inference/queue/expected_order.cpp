// RequestQueue::expectedOrder(): what would come next and next, told without taking anything.
#include "engine/inference/queue/request_queue.h"

#include <queue>

#include <algorithm>
#include <utility>

namespace mm::inference {
namespace {

struct Turn {
    double time;
    std::uint64_t sequence;
    std::size_t flow;

    bool operator<(const Turn& other) const { // for a queue that gives the largest
        return time != other.time ? time > other.time : sequence > other.sequence;
    }
};

} // namespace

std::vector<RequestQueue::Item>
RequestQueue::expectedOrder(const std::function<std::int64_t(const Item&)>& cost) const {
    struct Ahead {
        Share share;
        double weight;
        std::vector<std::uint32_t> heads;
    };
    std::vector<Item> order;
    order.reserve(m_waiting);
    for (int level = kLevels - 1; level >= 0; --level) {
        FairShare shares = m_levels[level].shares;
        std::vector<Ahead> flows;
        std::priority_queue<Turn> turns;
        const auto first = [this](std::vector<std::uint32_t>& heads) {
            return std::min_element(heads.begin(), heads.end(), [this](std::uint32_t a, std::uint32_t b) {
                return m_nodes[a].item.sequence < m_nodes[b].item.sequence;
            });
        };
        for (const Client& client : m_clients) {
            const Flow& each = client.flows[level];
            if (each.waiting == 0)
                continue;
            Ahead ahead{each.share, client.weight, {}};
            for (const std::uint32_t channel : each.channels)
                if (m_channels[channel].head != kNone)
                    ahead.heads.push_back(m_channels[channel].head);
            turns.push({ahead.share.time, m_nodes[*first(ahead.heads)].item.sequence, flows.size()});
            flows.push_back(std::move(ahead));
        }
        while (!turns.empty()) {
            const std::size_t index = turns.top().flow;
            turns.pop();
            Ahead& ahead = flows[index];
            const auto head = first(ahead.heads);
            const Node& node = m_nodes[*head];
            order.push_back(node.item);
            shares.serve(ahead.share);
            FairShare::charge(ahead.share, ahead.weight, cost(node.item));
            if (node.next != kNone)
                *head = node.next;
            else
                ahead.heads.erase(head);
            if (!ahead.heads.empty())
                turns.push({ahead.share.time, m_nodes[*first(ahead.heads)].item.sequence, index});
        }
    }
    return order;
}

} // namespace mm::inference
