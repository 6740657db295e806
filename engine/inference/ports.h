// What inference needs from outside, declared here so that it includes no other context. Adapters live in
// engine/app/adapters. Everything is called on the engine thread.
#pragma once

#include "engine/base/reply.h"
#include "modelmora/v1/inference.pb.h"
#include "modelmora/worker/v1/worker.pb.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace mm::inference {

namespace v1 = modelmora::v1;
namespace wv1 = modelmora::worker::v1;

struct ResolvedModel {
    std::string key; // "org/repo@version": what is leased
    std::string modelId;
    v1::TaskType task = v1::TASK_TYPE_UNSPECIFIED;
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

// Pins a loaded model for one request; destroying it lets go.
class Lease {
public:
    virtual ~Lease() = default;
    [[nodiscard]] virtual ModelFacts facts() const = 0;
    // Sends it to the worker now; fails without calling the handler.
    virtual Result<std::uint64_t> run(const v1::InferenceRequest& request, OutputHandler handler) = 0;
    // The handler still gets its last output.
    virtual void cancel(std::uint64_t id) = 0;
};

class ModelLeases {
public:
    virtual ~ModelLeases() = default;
    // Nothing where the model is not loaded.
    virtual std::unique_ptr<Lease> tryLease(const std::string& key) = 0;
    // Loads it first where needed; may reply before it returns.
    virtual void lease(const std::string& key, Reply<std::unique_ptr<Lease>> reply) = 0;
};

} // namespace mm::inference
