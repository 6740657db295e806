// What the lifecycle needs from outside, declared here so that it includes no other context. Adapters live in
// engine/app/adapters. Everything is called on the engine thread and must answer at once.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/executor.h"
#include "engine/base/result.h"
#include "engine/lifecycle/memory/load_predictor.h"
#include "engine/lifecycle/memory/measurement_store.h"
#include "engine/lifecycle/memory/memory_need.h"
#include "engine/lifecycle/memory/memory_probe.h"
#include "engine/lifecycle/policy/snapshot.h"
#include "modelmora/v1/common.pb.h"
#include "modelmora/v1/management.pb.h"

#include <google/protobuf/struct.pb.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mm::lifecycle {

// What a worker is told to load. A key ("org/repo@version") names exactly one of these.
struct LoadSpec {
    std::string modelId; // without the version
    std::string version;
    std::string path; // folder with the model's files
    v1::TaskType task = v1::TASK_TYPE_UNSPECIFIED;
    google::protobuf::Struct config; // the registry's: dtype, device, max_length …
    int threads = 0;                 // compute threads; 0 lets the worker decide
    bool threadsFixed = false;       // by the registration; otherwise instances share them
    // What the registration says that an instance takes, on the host and on a GPU; 0: it does not say.
    std::int64_t declaredBytes = 0;
    std::int64_t declaredGpuBytes = 0;
    // Private memory that the worker may hold; 0: no limit.
    std::int64_t memoryLimitBytes = 0;
};

class ModelDirectory {
public:
    virtual ~ModelDirectory() = default;
    // Asked at each load, so that a changed configuration counts from the next one.
    [[nodiscard]] virtual Result<LoadSpec> find(const std::string& key) = 0;
};

// Why an instance is ended, where it did not fail.
enum class EndCause {
    None,
    Ordered, // by an operator
    Killed,  // by an operator, who did not wait for what ran
    Evicted, // others need the room
    Idle,
    Surplus, // fewer instances were ordered
    Retired, // the model is deleted or the engine stops
};

// One instance of a model in another state.
struct StateChange {
    std::string key;
    v1::ModelState from = v1::MODEL_STATE_UNSPECIFIED;
    v1::ModelState to = v1::MODEL_STATE_UNSPECIFIED;
    std::string reason;
    int instance = 0;
    // What goes with it: time, device and process of a load, the memory that an unload gave back.
    Facts facts = {};
    // Why it became unhealthy.
    std::optional<Error> error = std::nullopt;
    // On its way out.
    EndCause cause = EndCause::None;
};

// What an instance holds of the machine's memory, in the ledger's eyes.
struct MemoryChange {
    enum class What { Reserved, Committed, Releasing, Released };
    What what;
    const std::string& key;
    int instance = 0;
    ByDevice bytes; // from now on; of a release, until now
};

struct DeviceAccount;

// Told what happens, for log, events and metrics; what a listener does not override it does not hear. Each is called
// after the change; the listener may ask for status but not for another change.
class LifecycleListener {
public:
    virtual ~LifecycleListener() = default;
    virtual void onStateChanged(const StateChange& change) = 0;
    virtual void onLoadProgress(const std::string& key, int instance, const v1::LoadStage& stage) = 0;
    // Somebody wants it and it has to wait, from now on, for this reason.
    virtual void onWaiting(const std::string& /*key*/, const std::string& /*reason*/) {}
    virtual void onPinned(const std::string& /*key*/, bool /*pinned*/) {}
    virtual void onMemory(const MemoryChange& /*change*/) {}
    // Budgets or what is taken of them may have moved.
    virtual void onDevices(const std::vector<DeviceAccount>& /*devices*/) {}
};

// What waits for a model, as whoever keeps the requests knows it.
class RequestDemand {
public:
    virtual ~RequestDemand() = default;
    // The most urgent request that waits for that model; nothing where none does.
    [[nodiscard]] virtual std::optional<Urgency> demand(const std::string& key) const = 0;
};

struct LifecyclePorts {
    ModelDirectory& directory;
    LifecycleListener& listener;
    const Clock& clock;
    Executor& engineThread;
    MemoryProbe& memory;
    LoadPredictor& predictor;
    MeasurementStore& measurements;
    const RequestDemand* demand = nullptr; // without it, who asked for a lease is who waits
};

} // namespace mm::lifecycle
