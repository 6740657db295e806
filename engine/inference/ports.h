// What inference needs from outside, declared here so that it includes no other context. Adapters live in
// engine/app/adapters. Everything is called on the engine thread.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/reply.h"
#include "modelmora/v1/inference.pb.h"
#include "modelmora/worker/v1/worker.pb.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace mm::inference {

namespace v1 = modelmora::v1;
namespace wv1 = modelmora::worker::v1;

struct ResolvedModel {
    std::string key; // "org/repo@version": what is leased
    std::string modelId;
    v1::TaskType task = v1::TASK_TYPE_UNSPECIFIED;
    int batchMaxSize = 32; // inputs that one worker computes together
    std::chrono::milliseconds batchMaxWait{0};
};

// "org/repo" or "org/repo@version" → the model it means. Answers at once, from memory.
class ModelCatalogue {
public:
    virtual ~ModelCatalogue() = default;
    [[nodiscard]] virtual Result<ResolvedModel> resolve(const std::string& modelId) = 0;
};

struct ModelFacts {
    std::string version;
    std::string device;
    std::string dtype;
};

// Partial outputs, then exactly one with `last`, or an Error after which nothing comes (the worker is lost).
using OutputHandler = std::function<void(Result<wv1::Output>)>;

// How much a model is wanted: by the most urgent of the requests that wait for it, and since when.
struct Urgency {
    v1::Priority priority = v1::PRIORITY_NORMAL;
    Instant since;
};

// How far a model that requests wait for is: "loading org/repo@1, 43 %, weights", or what it waits for itself.
struct LoadState {
    std::string reason;
    std::optional<std::chrono::milliseconds> left; // until it serves, where that is known
};

// Pins a loaded model for one request; destroying it lets go.
class Lease {
public:
    virtual ~Lease() = default;
    [[nodiscard]] virtual ModelFacts facts() const = 0;
    // Sends it to the worker now; fails without calling the handler.
    virtual Result<std::uint64_t> run(const v1::InferenceRequest& request, OutputHandler handler) = 0;
    // The handler still gets its last output.
    virtual void cancel(std::uint64_t id) = 0;
    // How long the model stays loaded after this use: 0 unloads it then, a negative time keeps it. Unset: as
    // configured.
    virtual void setKeepAlive(std::optional<std::chrono::seconds> time) = 0;
};

class ModelLeases {
public:
    virtual ~ModelLeases() = default;
    // Nothing where the model is not loaded.
    virtual std::unique_ptr<Lease> tryLease(const std::string& key) = 0;
    // Loads it first where needed; may reply before it returns. At most one is asked for per model at a time, in the
    // name of all that wait for it; what Dispatcher::demand() says later counts, not only what is said here.
    virtual void lease(const std::string& key, Urgency urgency, Reply<std::unique_ptr<Lease>> reply) = 0;
    // A lease was asked for and not given yet, and now the demand is greater, or nobody waits any more.
    virtual void demandChanged(const std::string& key) = 0;
    [[nodiscard]] virtual LoadState loadState(const std::string& key) const = 0;
    // Instances that take requests now; 0 where it is not loaded.
    [[nodiscard]] virtual int serving(const std::string& key) const = 0;
};

// Requests that were handed to a worker in one go.
struct BatchSent {
    const std::string& key;
    int requests = 0;
    int inputs = 0;
};

// The trace that a request belongs to, as W3C Trace Context has it: ids in hexadecimal digits.
struct RequestTrace {
    std::string traceId;
    std::string parentId; // the caller's span; empty: there is none
    std::string spanId;   // the request's own
    std::string state;
    bool isSampled = false; // somebody keeps its spans
};

// A request that has been answered, or a part of one. The metadata is filled where a worker answered it.
struct RequestEnd {
    const std::string& requestId;
    const std::string& key;
    const std::string& client;
    v1::RequestState state = v1::REQUEST_STATE_UNSPECIFIED;
    int inputs = 0;
    const v1::InferenceMetadata& metadata;
    const Error* error = nullptr; // where it failed
    const RequestTrace* trace = nullptr;
    const v1::QueueEntry* entry = nullptr; // as it is remembered
    bool isPart = false;
};

// A request as its client sent it, in one part or many, as it is remembered from now on.
struct WholeEnd {
    const v1::QueueEntry& entry;
    const RequestTrace* trace = nullptr; // null: it is not traced
};

// One that was not let in.
struct RequestRefusal {
    const std::string& requestId;
    const std::string& client;
    const Error& error;
    const RequestTrace* trace = nullptr;
};

// A request that has gone on and is not answered yet.
struct RequestChange {
    enum class What { Queued, Started, RunsAgain, Held, Released, Priority };
    What what;
    const std::string& requestId;
    const std::string& key;
    const std::string& client;
    v1::Priority priority = v1::PRIORITY_NORMAL;
    int inputs = 0;
};

// Told what happens, for counters, events and metrics; what a listener does not override it does not hear. Must not
// call back into the dispatcher.
class InferenceListener {
public:
    virtual ~InferenceListener() = default;
    virtual void onBatch(const BatchSent& batch) = 0;
    virtual void onFinished(const RequestEnd& end) = 0;
    virtual void onEnded(const WholeEnd& /*end*/) {}
    virtual void onRefused(const RequestRefusal& /*refusal*/) {}
    virtual void onChanged(const RequestChange& /*change*/) {}
};

} // namespace mm::inference
