// The shared memory of one device's turns: who holds the turn, who waits with which rank. Zeroed memory is an empty
// table. Every number in it may have been written by a process gone mad: indices are checked, nothing is followed.
// The functions want the table's lock held.
#pragma once

#include "engine/ipc/shared_word.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace mm::ipc {

struct TurnSlot {
    SharedWord pid; // 0: free
    SharedWord waits;
    std::atomic<std::int32_t> priority;
    SharedWord wake; // changes with every piece of news for the slot's process
    std::atomic<std::uint64_t> ticket;
};

struct TurnTable {
    static constexpr std::size_t kSlots = 64;
    static constexpr std::size_t kNameBytes = 32;

    std::array<char, kNameBytes> device; // empty: the table is free
    SharedWord lock;
    SharedWord holder;  // the slot's index + 1; 0: nobody
    SharedWord waiting; // 0 only where nobody waits
    std::atomic<std::int64_t> heldSince;
    std::atomic<std::uint64_t> tickets;
    std::array<TurnSlot, kSlots> slots;
};

using TurnTime = std::chrono::nanoseconds; // on the steady clock, which all processes share

// Gives the turn to the first of those who wait, by priority, then by ticket, if nobody holds it or its holder has held
// it longer than `limit`. The slot that has to be woken.
std::optional<std::size_t> handOn(TurnTable& table, TurnTime now, TurnTime limit);

// Takes the turn where nobody holds it or waits for it: the short way of a worker that has the device to itself.
bool seize(TurnTable& table, std::size_t slot, TurnTime now);

// Enters a slot among those who wait, where it keeps its ticket if it is there already.
void enqueue(TurnTable& table, std::size_t slot, std::int32_t priority);
// The slot neither holds the turn nor waits for it any more.
void retract(TurnTable& table, std::size_t slot);

[[nodiscard]] bool holds(const TurnTable& table, std::size_t slot);

} // namespace mm::ipc
