// What the planner and the policies look at: the devices, every instance that holds memory, and how urgent things are.
// Taken by the LifecycleManager for one decision and thrown away after it. Plain values, any thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/lifecycle/memory/memory_ledger.h"
#include "engine/lifecycle/memory/memory_need.h"
#include "modelmora/v1/common.pb.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace mm::lifecycle {

// How urgent a wish or a waiting request is: the higher priority first, then the older.
struct Urgency {
    v1::Priority priority = v1::PRIORITY_NORMAL;
    Instant since; // when it began to wait
};
[[nodiscard]] bool goesBefore(const Urgency& one, const Urgency& other);

enum class Holding {
    Loading,   // reserved: for someone who waits
    Loaded,    //
    Releasing, // told to end, its memory not free yet
};

// One instance of a model that holds memory.
struct InstanceView {
    InstanceKey key;
    std::string modelId;
    std::string version;
    Holding holding = Holding::Loaded;
    bool pinned = false;
    int leases = 0;                                // requests that run on it now
    v1::Priority busyWith = v1::PRIORITY_NORMAL;   // the highest of those; counts while there are leases
    std::optional<Urgency> awaited = std::nullopt; // the most urgent request that waits for the model
    Instant loadedAt;
    Instant lastUsedAt;                                  // loadedAt where it was not used yet
    double uses = 0;                                     // decayed: see UseFrequency
    double reloadMs = 0;                                 // what loading it again takes; 0 where that is not known
    ByDevice bytes;                                      // what it counts for in the ledger
    std::optional<WallTime> lastUsedWall = std::nullopt; // for people
};

struct Snapshot {
    Instant now;
    std::vector<DeviceAccount> devices;
    std::vector<InstanceView> instances;
    // Promised to wishes that wait for memory and go before this one: not free for it.
    ByDevice promised;
    int maxLoadedModels = 0; // 0: no limit
    std::chrono::milliseconds minimumStay{0};
};

// Who wants an instance loaded, and how much that moves.
enum class Cause {
    Request,  // requests wait for it: may evict what is idle, waits for what is busy
    Operator, // a load without force: evicts nothing
    Forced,   // a load with force: evicts what the plan names
};

struct WantedLoad {
    std::string key; // "org/repo@version"
    std::string modelId;
    std::string version;
    int instances = 1; // in all, those that are there included
    MemoryNeed need;   // of one instance
    Cause cause = Cause::Request;
    Urgency urgency;
    double loadMs = 0; // expected; 0 where nothing was measured
};

} // namespace mm::lifecycle
