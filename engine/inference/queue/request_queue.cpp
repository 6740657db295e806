#include "engine/inference/queue/request_queue.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace mm::inference {

RequestQueue::RequestQueue(Options options) : m_options(options), m_levels(kLevels, Level(options.credit)) {}

RequestQueue::Model& RequestQueue::model(std::uint32_t model) {
    if (model >= m_models.size())
        m_models.resize(model + 1);
    return m_models[model];
}

RequestQueue::Ticket RequestQueue::push(Item item, Instant now) {
    assert(item.level >= 0 && item.level < kLevels);
    if (item.sequence == 0)
        item.sequence = ++m_lastSequence;
    Ticket ticket = m_freeNodes;
    if (ticket == kNone) {
        ticket = static_cast<Ticket>(m_nodes.size());
        m_nodes.emplace_back();
    } else {
        m_freeNodes = m_nodes[ticket].next;
    }
    m_nodes[ticket] = {};
    m_nodes[ticket].item = item;
    if (item.client >= m_clients.size())
        m_clients.resize(item.client + 1);
    model(item.model);
    link(ticket, now);
    return ticket;
}

void RequestQueue::remove(Ticket ticket) {
    if (!m_nodes[ticket].held)
        unlink(ticket);
    freeNode(ticket);
}

void RequestQueue::freeNode(Ticket ticket) {
    m_nodes[ticket].next = m_freeNodes;
    m_freeNodes = ticket;
}

void RequestQueue::setLevel(Ticket ticket, int level, Instant now) {
    Node& node = m_nodes[ticket];
    if (node.item.level == level)
        return;
    if (!node.held)
        unlink(ticket);
    node.item.level = level;
    if (!node.held)
        link(ticket, now);
}

void RequestQueue::hold(Ticket ticket) {
    if (std::exchange(m_nodes[ticket].held, true))
        return;
    unlink(ticket);
}

void RequestQueue::release(Ticket ticket, Instant now) {
    if (std::exchange(m_nodes[ticket].held, false))
        link(ticket, now);
}

// Channels

std::uint32_t RequestQueue::channelFor(const Item& item) {
    Flow& mine = flow(item.client, item.level);
    std::uint32_t vacant = kNone;
    for (const std::uint32_t index : mine.channels) {
        if (m_channels[index].model == item.model)
            return index;
        if (m_channels[index].head == kNone)
            vacant = index;
    }
    if (vacant == kNone) {
        if (m_freeChannels.empty()) {
            vacant = static_cast<std::uint32_t>(m_channels.size());
            m_channels.emplace_back();
        } else {
            vacant = m_freeChannels.back();
            m_freeChannels.pop_back();
        }
        mine.channels.push_back(vacant);
    }
    m_channels[vacant] = {item.client, item.model, kNone, kNone, kNone};
    return vacant;
}

void RequestQueue::insertInOrder(Channel& channel, Ticket ticket) {
    Node& node = m_nodes[ticket];
    std::uint32_t before = channel.tail;
    if (before != kNone && m_nodes[before].item.sequence > node.item.sequence) {
        // Put back, raised or released: such are older than most.
        before = kNone;
        for (std::uint32_t each = channel.head; m_nodes[each].item.sequence < node.item.sequence;
             each = m_nodes[each].next)
            before = each;
    }
    node.previous = before;
    node.next = before == kNone ? channel.head : m_nodes[before].next;
    (before == kNone ? channel.head : m_nodes[before].next) = ticket;
    (node.next == kNone ? channel.tail : m_nodes[node.next].previous) = ticket;
}

void RequestQueue::link(Ticket ticket, Instant now) {
    const Item item = m_nodes[ticket].item;
    Flow& mine = flow(item.client, item.level);
    Level& level = m_levels[item.level];
    if (mine.waiting == 0 && mine.underWay == 0)
        level.shares.join(mine.share);
    const std::uint32_t channel = channelFor(item);
    insertInOrder(m_channels[channel], ticket);
    ++mine.waiting;
    ++level.waiting;
    ++m_waiting;
    if (m_channels[channel].head == ticket)
        update(channel, item.level);
    follow(ticket, now);
}

void RequestQueue::unlink(Ticket ticket) {
    unlink(ticket, channelFor(m_nodes[ticket].item));
}

void RequestQueue::unlink(Ticket ticket, std::uint32_t index) {
    Node& node = m_nodes[ticket];
    const int level = node.item.level;
    Channel& channel = m_channels[index];
    const bool wasHead = channel.head == ticket;
    (node.previous == kNone ? channel.head : m_nodes[node.previous].next) = node.next;
    (node.next == kNone ? channel.tail : m_nodes[node.next].previous) = node.previous;
    --flow(node.item.client, level).waiting;
    --m_levels[level].waiting;
    --m_waiting;
    if (channel.head == kNone)
        leave(index, level);
    else if (wasHead)
        update(index, level);
    unfollow(ticket);
}

// Taking

RequestQueue::Item RequestQueue::take(std::uint32_t channel, int level) {
    const Ticket ticket = m_channels[channel].head;
    const Item item = m_nodes[ticket].item;
    Flow& mine = flow(item.client, level);
    const double before = mine.share.time;
    m_levels[level].shares.serve(mine.share);
    ++mine.underWay;
    unlink(ticket, channel);
    freeNode(ticket);
    if (mine.share.time != before)
        rankAnew(mine, level);
    return item;
}

std::optional<RequestQueue::Item> RequestQueue::takeNext() {
    for (int level = kLevels - 1; level >= 0; --level) {
        const Rank* best = nullptr;
        for (const std::uint32_t index : m_levels[level].models) {
            const Model& each = m_models[index];
            if (each.openFrom <= level && (best == nullptr || each.heaps[level].front().before(*best)))
                best = &each.heaps[level].front();
        }
        if (best != nullptr)
            return take(best->channel, level);
    }
    return std::nullopt;
}

std::optional<RequestQueue::Item> RequestQueue::takeNext(std::uint32_t model) {
    if (model >= m_models.size())
        return std::nullopt;
    for (int level = kLevels - 1; level >= m_models[model].openFrom; --level)
        if (const Heap& heap = m_models[model].heaps[level]; !heap.empty())
            return take(heap.front().channel, level);
    return std::nullopt;
}

std::vector<RequestQueue::Item> RequestQueue::waitingFor(std::uint32_t model) const {
    std::vector<Item> items;
    if (model >= m_models.size())
        return items;
    for (const Heap& heap : m_models[model].heaps)
        for (const Rank& rank : heap)
            for (Ticket each = m_channels[rank.channel].head; each != kNone; each = m_nodes[each].next)
                items.push_back(m_nodes[each].item);
    std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.sequence < b.sequence; });
    return items;
}

void RequestQueue::setOpen(std::uint32_t model, int fromLevel) {
    this->model(model).openFrom = fromLevel;
}

bool RequestQueue::isWaiting(std::uint32_t model) const {
    return topLevel(model) >= 0;
}

int RequestQueue::topLevel(std::uint32_t model) const {
    if (model >= m_models.size())
        return -1;
    int level = kLevels - 1;
    while (level >= 0 && m_models[model].heaps[level].empty())
        --level;
    return level;
}

std::optional<RequestQueue::Item> RequestQueue::oldest(std::uint32_t model) const {
    const int level = topLevel(model);
    if (level < 0)
        return std::nullopt;
    const Heap& heap = m_models[model].heaps[level];
    const auto first = std::min_element(heap.begin(), heap.end(),
                                        [](const Rank& a, const Rank& b) { return a.sequence < b.sequence; });
    return m_nodes[m_channels[first->channel].head].item;
}

// Shares

void RequestQueue::setWeight(std::uint32_t client, double weight) {
    if (client >= m_clients.size())
        m_clients.resize(client + 1);
    m_clients[client].weight = weight;
}

void RequestQueue::charge(std::uint32_t client, int level, std::int64_t micros) {
    Flow& mine = flow(client, level);
    FairShare::charge(mine.share, m_clients[client].weight, micros);
    rankAnew(mine, level);
}

void RequestQueue::rankAnew(const Flow& flow, int level) {
    for (const std::uint32_t index : flow.channels) {
        const Channel& channel = m_channels[index];
        if (channel.head == kNone)
            continue;
        Heap& heap = m_models[channel.model].heaps[level];
        heap[channel.place].time = flow.share.time; // its first one is the same: no need to look at it
        sift(heap, channel.place);
    }
}

void RequestQueue::settle(std::uint32_t client, int level) {
    assert(flow(client, level).underWay > 0);
    --flow(client, level).underWay;
}

void RequestQueue::forgetClient(std::uint32_t client) {
    if (client >= m_clients.size())
        return;
    for (Flow& each : m_clients[client].flows) {
        assert(each.waiting == 0 && each.underWay == 0);
        m_freeChannels.insert(m_freeChannels.end(), each.channels.begin(), each.channels.end());
    }
    m_clients[client] = {};
}

// Ageing: each level's items in the order in which they came to it.

void RequestQueue::follow(Ticket ticket, Instant now) {
    Node& node = m_nodes[ticket];
    node.since = now;
    Level& level = m_levels[node.item.level];
    node.older = level.newest;
    node.newer = kNone;
    (level.newest == kNone ? level.oldest : m_nodes[level.newest].newer) = ticket;
    level.newest = ticket;
}

void RequestQueue::unfollow(Ticket ticket) {
    const Node& node = m_nodes[ticket];
    Level& level = m_levels[node.item.level];
    (node.older == kNone ? level.oldest : m_nodes[node.older].newer) = node.newer;
    (node.newer == kNone ? level.newest : m_nodes[node.newer].older) = node.older;
}

std::optional<Instant> RequestQueue::age(Instant now, const std::function<void(const Item&)>& moved) {
    std::optional<Instant> next;
    if (m_options.ageing.count() == 0)
        return next;
    for (int level = kLevels - 2; level >= 0; --level) {
        Ticket oldest = m_levels[level].oldest;
        while (oldest != kNone && m_nodes[oldest].since + m_options.ageing <= now) {
            setLevel(oldest, level + 1, now);
            moved(m_nodes[oldest].item);
            oldest = m_levels[level].oldest;
        }
    }
    for (int level = 0; level < kLevels - 1; ++level)
        if (const Ticket oldest = m_levels[level].oldest; oldest != kNone)
            if (const Instant due = m_nodes[oldest].since + m_options.ageing; !next || due < *next)
                next = due;
    return next;
}

// Heaps

RequestQueue::Rank RequestQueue::rankOf(std::uint32_t channel, int level) {
    const Channel& each = m_channels[channel];
    return {flow(each.client, level).share.time, m_nodes[each.head].item.sequence, channel};
}

void RequestQueue::place(Heap& heap, std::size_t at, const Rank& rank) {
    heap[at] = rank;
    m_channels[rank.channel].place = static_cast<std::uint32_t>(at);
}

void RequestQueue::sift(Heap& heap, std::size_t at) {
    const Rank rank = heap[at];
    // Down along the smaller children to the end, then up again: whoever was served or charged mostly goes to the end.
    for (std::size_t child = 2 * at + 1; child < heap.size(); child = 2 * at + 1) {
        child += static_cast<std::size_t>(child + 1 < heap.size() && heap[child + 1].before(heap[child]));
        place(heap, at, heap[child]);
        at = child;
    }
    for (; at > 0 && rank.before(heap[(at - 1) / 2]); at = (at - 1) / 2)
        place(heap, at, heap[(at - 1) / 2]);
    place(heap, at, rank);
}

void RequestQueue::update(std::uint32_t channel, int level) {
    const std::uint32_t index = m_channels[channel].model;
    Model& mine = m_models[index];
    Heap& heap = mine.heaps[level];
    if (heap.empty()) {
        mine.place[level] = static_cast<std::uint32_t>(m_levels[level].models.size());
        m_levels[level].models.push_back(index);
    }
    std::size_t at = m_channels[channel].place;
    if (at == kNone) {
        at = heap.size();
        heap.emplace_back();
    }
    heap[at] = rankOf(channel, level);
    sift(heap, at);
}

void RequestQueue::leave(std::uint32_t channel, int level) {
    Model& mine = m_models[m_channels[channel].model];
    Heap& heap = mine.heaps[level];
    const std::size_t at = std::exchange(m_channels[channel].place, kNone);
    const Rank last = heap.back();
    heap.pop_back();
    if (at < heap.size()) {
        heap[at] = last;
        sift(heap, at);
    }
    if (!heap.empty())
        return;
    std::vector<std::uint32_t>& models = m_levels[level].models;
    const std::uint32_t place = std::exchange(mine.place[level], kNone);
    models[place] = models.back();
    models.pop_back();
    if (place < models.size())
        m_models[models[place]].place[level] = place;
}

} // namespace mm::inference
