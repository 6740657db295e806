// ModelLease: the right to run a loaded model, and the only way to. While one is held the model is not unloaded, so
// hold it for one request only. Move-only; engine thread; harmless once the worker or the engine's slots are gone.
#pragma once

#include "engine/base/result.h"
#include "modelmora/v1/inference.pb.h"
#include "modelmora/worker/v1/worker.pb.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace mm::lifecycle {

namespace v1 = modelmora::v1;
namespace wv1 = modelmora::worker::v1;

class LoadedModel;

// What the worker said about the model it loaded.
struct LoadedFacts {
    std::string modelId;
    std::string version;
    std::string device;
    std::string dtype;
};

// Partial outputs, then exactly one with `last`, or an Error after which nothing comes. An output with an `error` of
// its own is the worker's regular answer; an Error here means that the worker is lost.
using OutputHandler = std::function<void(Result<wv1::Output>)>;

class ModelLease {
public:
    ModelLease() = default;
    explicit ModelLease(std::shared_ptr<LoadedModel> model);
    ~ModelLease() { release(); }
    ModelLease(ModelLease&& other) noexcept = default;
    ModelLease& operator=(ModelLease&& other) noexcept;

    [[nodiscard]] bool valid() const { return m_model != nullptr; }
    [[nodiscard]] const LoadedFacts& facts() const;

    // Sends the request now and returns its id, or says why it cannot be sent (the handler is not called then).
    Result<std::uint64_t> run(const v1::InferenceRequest& request, OutputHandler handler);
    // Asks the worker to stop it; the handler still gets its last output. Unknown ids are ignored: it may just have
    // ended.
    void cancel(std::uint64_t id);
    // How long the model is kept after this lease: 0 not at all, negative until something else ends it, nothing as
    // configured. The last lease of a model to end has the say.
    void setKeepAlive(std::optional<std::chrono::seconds> keepAlive) { m_keepAlive = keepAlive; }

    void release();

private:
    std::shared_ptr<LoadedModel> m_model;
    std::optional<std::chrono::seconds> m_keepAlive;
};

} // namespace mm::lifecycle
