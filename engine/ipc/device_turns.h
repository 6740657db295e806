// DeviceTurns: whose step runs on a device that several workers share. The engine makes the memory, each worker
// inherits it and joins the table of its device; around each step it takes the turn and gives it back. The highest
// priority goes first, then who came first. A turn held longer than the limit, or by a process that died, is handed on:
// for a moment two compute, but nobody starves. Memory that a process has broken costs the turns, never the work.
//
// DeviceTurns: engine thread, or the worker's compute thread. DeviceTurn: one thread, but for poke().
#pragma once

#include "engine/base/result.h"
#include "engine/ipc/turn_table.h"

#include <chrono>
#include <memory>
#include <string_view>

namespace mm::ipc {

struct TurnMemory;

class DeviceTurn {
public:
    DeviceTurn(std::shared_ptr<TurnMemory> memory, TurnTable& table, std::size_t slot, std::chrono::milliseconds limit);
    ~DeviceTurn();
    DeviceTurn(const DeviceTurn&) = delete;
    DeviceTurn& operator=(const DeviceTurn&) = delete;

    // Waits for the turn. False where poke() came first: the place in the order is kept until the next call, which may
    // come with another priority.
    bool take(std::int32_t priority);
    // After the step, or instead of it.
    void giveBack();
    // Any thread: there is news, take() shall return.
    void poke();

private:
    [[nodiscard]] bool tryTake(std::int32_t priority, TurnTime& wait);
    void giveUpTurns();

    std::shared_ptr<TurnMemory> m_memory;
    TurnTable& m_table;
    std::size_t m_slot;
    TurnTime m_limit;
    std::atomic<bool> m_poked{false};
    std::atomic<bool> m_waiting{false};
    bool m_entered = false;
    bool m_broken = false;
};

class DeviceTurns {
public:
    static constexpr std::chrono::milliseconds kLimit{1'000};

    static Result<DeviceTurns> create();
    // Maps inherited memory; refuses what could be shrunk under it. `fd` is not needed afterwards.
    static Result<DeviceTurns> open(int fd);
    ~DeviceTurns();
    DeviceTurns(DeviceTurns&& other) noexcept;
    DeviceTurns& operator=(DeviceTurns&& other) = delete;

    // For workers to inherit; -1 where it was opened.
    [[nodiscard]] int fd() const { return m_fd; }
    // Nothing where every place is taken: the caller computes without turns.
    std::unique_ptr<DeviceTurn> join(std::string_view device, std::chrono::milliseconds limit = kLimit);
    // Hands on what a process that has ended held or waited for.
    void forget(std::int64_t pid);

private:
    DeviceTurns(int fd, std::shared_ptr<TurnMemory> memory) : m_fd(fd), m_memory(std::move(memory)) {}

    int m_fd;
    std::shared_ptr<TurnMemory> m_memory;
};

} // namespace mm::ipc
