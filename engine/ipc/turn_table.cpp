#include "engine/ipc/turn_table.h"

#include <utility>

namespace mm::ipc {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

// The first in order whose process is alive; the dead are cleared away.
std::optional<std::size_t> firstWaiting(TurnTable& table) {
    std::optional<std::size_t> best;
    std::uint32_t count = 0;
    const auto rank = [&table](std::size_t index) {
        const TurnSlot& slot = table.slots[index];
        return std::pair(-std::int64_t(slot.priority.load(kRelaxed)), slot.ticket.load(kRelaxed));
    };
    for (std::size_t i = 0; i < TurnTable::kSlots; ++i) {
        TurnSlot& slot = table.slots[i];
        if (slot.waits.load(kRelaxed) == 0)
            continue;
        if (!isProcessAlive(slot.pid.load(kRelaxed))) {
            slot.waits.store(0, kRelaxed);
            slot.pid.store(0, kRelaxed);
            continue;
        }
        ++count;
        if (!best || rank(i) < rank(*best))
            best = i;
    }
    table.waiting.store(count, kRelaxed);
    return best;
}

} // namespace

bool holds(const TurnTable& table, std::size_t slot) {
    return table.holder.load(kRelaxed) == slot + 1;
}

bool seize(TurnTable& table, std::size_t slot, TurnTime now) {
    if (table.holder.load(kRelaxed) != 0 || table.waiting.load(kRelaxed) != 0)
        return false;
    table.holder.store(static_cast<std::uint32_t>(slot + 1), kRelaxed);
    table.heldSince.store(now.count(), kRelaxed);
    return true;
}

void enqueue(TurnTable& table, std::size_t slot, std::int32_t priority) {
    TurnSlot& mine = table.slots[slot];
    mine.priority.store(priority, kRelaxed);
    if (mine.waits.exchange(1, kRelaxed) != 0)
        return;
    mine.ticket.store(table.tickets.fetch_add(1, kRelaxed), kRelaxed);
    table.waiting.fetch_add(1, kRelaxed);
}

void retract(TurnTable& table, std::size_t slot) {
    if (table.slots[slot].waits.exchange(0, kRelaxed) != 0 && table.waiting.load(kRelaxed) != 0)
        table.waiting.fetch_sub(1, kRelaxed);
    if (holds(table, slot))
        table.holder.store(0, kRelaxed);
}

std::optional<std::size_t> handOn(TurnTable& table, TurnTime now, TurnTime limit) {
    const bool held = table.holder.load(kRelaxed) != 0;
    if (held && now - TurnTime(table.heldSince.load(kRelaxed)) < limit)
        return std::nullopt;
    if (table.waiting.load(kRelaxed) == 0)
        return std::nullopt;
    const std::optional<std::size_t> next = firstWaiting(table);
    if (!next)
        return std::nullopt;
    retract(table, *next);
    table.holder.store(static_cast<std::uint32_t>(*next + 1), kRelaxed);
    table.heldSince.store(now.count(), kRelaxed);
    table.slots[*next].wake.fetch_add(1, kRelaxed);
    return next;
}

} // namespace mm::ipc
