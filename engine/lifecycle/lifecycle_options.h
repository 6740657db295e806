// How workers are started, watched and ended, and how patient the lifecycle is. Plain values with the defaults of a
// serving machine; tests shorten them.
#pragma once

#include "engine/ipc/device_turns.h"
#include "engine/lifecycle/memory/memory_ledger.h"
#include "engine/lifecycle/policy/idle_policy.h"
#include "engine/lifecycle/policy/retry_policy.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace mm::lifecycle {

struct WorkerOptions {
    // The worker program and arguments before "--socket N", where N is the inherited end of the socket pair.
    std::string program;
    std::vector<std::string> arguments;

    // Shared by all workers, so that those of one device compute in turn; without, each computes when it likes.
    std::shared_ptr<ipc::DeviceTurns> turns = nullptr;

    // From start of the process to its Hello, and from Load to Loaded.
    std::chrono::milliseconds helloTimeout{15'000};
    std::chrono::milliseconds loadTimeout{300'000};

    // A Ping each interval; this many unanswered in a row and the worker counts as hung.
    std::chrono::milliseconds pingInterval{2'000};
    int missedPings = 15;

    // A cancelled run must end within this, or the worker is killed.
    std::chrono::milliseconds cancelGrace{2'000};

    // One step of the compute thread that takes longer is stuck, and the worker is killed.
    std::chrono::milliseconds stepTimeout{120'000};

    // Shutdown frame → terminate → kill.
    std::chrono::milliseconds shutdownGrace{3'000};
    std::chrono::milliseconds terminateGrace{2'000};

    // How long the system is given to show a finished process gone.
    std::chrono::milliseconds goneTimeout{5'000};

    // What may wait in memory for a worker that reads slowly; above it, runs are refused with QueueFull.
    std::size_t maxUnsentBytes = std::size_t(512) << 20U;
};

struct LifecycleOptions {
    WorkerOptions worker;
    RetryOptions retry;
    // How long an unload waits for running requests before it ends them.
    std::chrono::milliseconds drainTimeout{30'000};

    // How much of the machine's memory may be used, and who goes first where it does not suffice.
    MemoryLedger::Options memory;
    std::string evictionPolicy; // by name; empty: the default
    int maxLoadedModels = 0;    // 0: no limit
    // How long a model that was loaded for requests stays at least before others may take its place.
    std::chrono::milliseconds minimumStay{0};
    // Unused for so long, a model is unloaded unless its own keep-alive says otherwise; 0: never.
    std::chrono::milliseconds idleUnload{0};
    // How often the machine's memory is looked at while a worker runs.
    std::chrono::milliseconds lookInterval{2'000};

    [[nodiscard]] IdleOptions idle() const { return {idleUnload, minimumStay}; }
};

} // namespace mm::lifecycle
