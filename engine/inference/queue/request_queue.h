// RequestQueue: who is next. Four strict levels; within one, fair shares by client; within a client, first come first
// served. One order across all models, in which the first whose model takes it now is next, so that a model that takes
// nothing blocks nobody else. Knows numbers only: clients and models are small dense ones that the owner gives. Pure
// memory, no clock of its own, one thread. Tickets are good until their item is taken or removed; nothing here fails.
#pragma once

#include "engine/base/clock.h"
#include "engine/inference/queue/fair_share.h"
#include "engine/inference/queue/level.h"

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace mm::inference {

class RequestQueue {
public:
    using Ticket = std::uint32_t;
    struct Options {
        // See FairShare.
        std::chrono::microseconds credit{100'000};
        // Who has waited that long on a level goes up one; zero: nobody does.
        std::chrono::milliseconds ageing{0};
    };
    struct Item {
        std::uint64_t id = 0; // the owner's
        std::uint32_t client = 0;
        std::uint32_t model = 0;
        int level = 0; // 3 is the most urgent
        // Its place among its client's; 0 gives it the last. Put back with the one it had, it is where it was.
        std::uint64_t sequence = 0;
    };

    RequestQueue() : RequestQueue(Options{}) {}
    explicit RequestQueue(Options options);

    Ticket push(Item item, Instant now);
    // The next whose model is open for its level; of this model only, or of any. It counts as under way until settled.
    std::optional<Item> takeNext();
    std::optional<Item> takeNext(std::uint32_t model);
    void remove(Ticket ticket);

    void setLevel(Ticket ticket, int level, Instant now);
    // Keeps its place, but is not next until released.
    void hold(Ticket ticket);
    void release(Ticket ticket, Instant now);
    [[nodiscard]] const Item& at(Ticket ticket) const { return m_nodes[ticket].item; }

    // The model takes items of this level and above; kLevels, as at first: none.
    void setOpen(std::uint32_t model, int fromLevel);
    void setAgeing(std::chrono::milliseconds ageing) { m_options.ageing = ageing; }
    void setWeight(std::uint32_t client, double weight);
    void charge(std::uint32_t client, int level, std::int64_t micros);
    // An item that was taken has ended.
    void settle(std::uint32_t client, int level);
    // For the next client that is given this number. It has nothing here any more.
    void forgetClient(std::uint32_t client);

    // Moves up who has waited long enough; says when to ask again.
    std::optional<Instant> age(Instant now, const std::function<void(const Item&)>& moved);

    // Without those held.
    [[nodiscard]] std::size_t waiting() const { return m_waiting; }
    [[nodiscard]] std::size_t waiting(int level) const { return m_levels[level].waiting; }
    [[nodiscard]] bool isWaiting(std::uint32_t model) const;
    // The most urgent level at which something waits for the model; -1: nothing does.
    [[nodiscard]] int topLevel(std::uint32_t model) const;
    // All that waits for the model, in the order of arrival.
    [[nodiscard]] std::vector<Item> waitingFor(std::uint32_t model) const;
    // The oldest of its most urgent level.
    [[nodiscard]] std::optional<Item> oldest(std::uint32_t model) const;
    // All that wait, in the order in which they would start if every model were open and each cost what `cost` says, in
    // microseconds.
    [[nodiscard]] std::vector<Item> expectedOrder(const std::function<std::int64_t(const Item&)>& cost) const;

private:
    static constexpr std::uint32_t kNone = ~std::uint32_t{0};

    struct Node {
        Item item;
        std::uint32_t previous = kNone; // of its channel
        std::uint32_t next = kNone;     // the same; of the free ones
        std::uint32_t older = kNone;    // of its level
        std::uint32_t newer = kNone;
        bool held = false;
        Instant since; // on this level
    };
    // First in, first out: one client's items for one model on one level.
    struct Channel {
        std::uint32_t client = 0;
        std::uint32_t model = 0;
        std::uint32_t head = kNone;
        std::uint32_t tail = kNone;
        std::uint32_t place = kNone; // in its heap
    };
    // One client on one level.
    struct Flow {
        Share share;
        std::uint32_t waiting = 0;
        std::uint32_t underWay = 0;
        std::vector<std::uint32_t> channels;
    };
    struct Client {
        double weight = 1;
        std::array<Flow, kLevels> flows;
    };
    struct Rank {
        double time;
        std::uint64_t sequence;
        std::uint32_t channel;

        [[nodiscard]] bool before(const Rank& other) const {
            return time != other.time ? time < other.time : sequence < other.sequence;
        }
    };
    using Heap = std::vector<Rank>; // of the channels with something in them
    struct Model {
        int openFrom = kLevels;
        std::array<Heap, kLevels> heaps;
        std::array<std::uint32_t, kLevels> place{kNone, kNone, kNone, kNone}; // in Level::models
    };
    struct Level {
        explicit Level(std::chrono::microseconds credit) : shares(credit) {}
        FairShare shares;
        std::vector<std::uint32_t> models; // with something waiting
        std::size_t waiting = 0;
        std::uint32_t oldest = kNone;
        std::uint32_t newest = kNone;
    };

    Flow& flow(std::uint32_t client, int level) { return m_clients[client].flows[level]; }
    Model& model(std::uint32_t model);
    std::uint32_t channelFor(const Item& item);
    void link(Ticket ticket, Instant now);
    void insertInOrder(Channel& channel, Ticket ticket);
    void unlink(Ticket ticket);
    void unlink(Ticket ticket, std::uint32_t channel);
    void follow(Ticket ticket, Instant now);
    void unfollow(Ticket ticket);
    Item take(std::uint32_t channel, int level);
    void freeNode(Ticket ticket);

    // The heaps: a channel's rank, and its way up or down.
    [[nodiscard]] Rank rankOf(std::uint32_t channel, int level);
    void update(std::uint32_t channel, int level);
    void rankAnew(const Flow& flow, int level);
    void sift(Heap& heap, std::size_t place);
    void place(Heap& heap, std::size_t at, const Rank& rank);
    void leave(std::uint32_t channel, int level);

    Options m_options;
    std::vector<Node> m_nodes;
    std::uint32_t m_freeNodes = kNone;
    std::vector<Channel> m_channels;
    std::vector<std::uint32_t> m_freeChannels;
    std::vector<Client> m_clients;
    std::vector<Model> m_models;
    std::vector<Level> m_levels;
    std::uint64_t m_lastSequence = 0;
    std::size_t m_waiting = 0;
};

} // namespace mm::inference
