#include "engine/inference/admission.h"

#include "engine/inference/input_kind.h"
#include "engine/ipc/frame.h"

#include <algorithm>

namespace mm::inference {
namespace {

// For what is wrapped around a request in its frame.
constexpr std::size_t kEnvelopeBytes = 64;

// Later the longer the queue is, so that not all come back at once to find it full again.
constexpr std::chrono::seconds kLatestRetry{60};

Error queueFull(const std::string& what, std::int64_t count, std::int64_t limit, std::chrono::seconds halfDone) {
    const std::int64_t retry = std::clamp(halfDone, std::chrono::seconds(1), kLatestRetry).count();
    return {ErrorCode::QueueFull,
            std::to_string(count) + " " + what + " are unfinished and no more are taken; try again in " +
                (retry == 1 ? "a second" : std::to_string(retry) + " seconds"),
            {{"unfinished", count}, {"limit", limit}, {"retry_after_seconds", retry}}};
}

} // namespace

Result<std::chrono::seconds> checkTimeout(std::int32_t seconds, const DispatcherOptions& options) {
    if (seconds == 0)
        return options.defaultTimeout;
    if (seconds < 0 || seconds > options.maxTimeout.count())
        return invalidField("timeout_seconds", "must be 1 to " + std::to_string(options.maxTimeout.count()) +
                                                   ", or 0 for the default of " +
                                                   std::to_string(options.defaultTimeout.count()) + "; it is " +
                                                   std::to_string(seconds));
    return std::chrono::seconds(seconds);
}

Result<void> checkEmbeddingFormat(const v1::InferenceRequest& request) {
    if (v1::EmbeddingFormat_IsValid(request.embedding_format()))
        return {};
    return invalidField("embedding_format",
                        "must be EMBEDDING_FORMAT_FLOATS (1) or EMBEDDING_FORMAT_BYTES (2); it is " +
                            std::to_string(request.embedding_format()));
}

Result<void> checkRoom(const Occupancy& occupancy, std::int64_t bytes, const std::string& modelId,
                       const DispatcherOptions& options) {
    const auto count = [](std::size_t number) { return static_cast<std::int64_t>(number); };
    if (occupancy.all >= options.maxRequests)
        return queueFull("requests of all models", count(occupancy.all), count(options.maxRequests),
                         occupancy.halfDone);
    if (occupancy.ofModel >= options.maxRequestsPerModel)
        return queueFull("requests of the model " + modelId, count(occupancy.ofModel),
                         count(options.maxRequestsPerModel), occupancy.halfDone);
    // One alone is always taken: the frame bounds it.
    if (occupancy.all > 0 && occupancy.bytes + bytes > options.maxBytes)
        return queueFull("bytes of requests", occupancy.bytes, options.maxBytes, occupancy.halfDone);
    return {};
}

Result<std::int64_t> checkSize(const v1::InferenceRequest& request) {
    const std::size_t bytes = request.ByteSizeLong();
    constexpr std::size_t kLimit = ipc::kMaxFrameBytes - kEnvelopeBytes;
    if (bytes <= kLimit)
        return static_cast<std::int64_t>(bytes);
    const int inputs = inputCount(request.input_data());
    const std::string size =
        std::to_string(bytes) + " bytes, more than the " + std::to_string(kLimit) + " a worker takes";
    Facts facts{{"bytes", static_cast<std::int64_t>(bytes)},
                {"limit_bytes", static_cast<std::int64_t>(kLimit)},
                {"inputs", std::int64_t(inputs)}};
    if (inputs > 1)
        return Error{ErrorCode::BatchSizeExceeded,
                     "the " + std::to_string(inputs) + " inputs are " + size + " in one request; send them in several",
                     std::move(facts)};
    return Error{ErrorCode::PayloadTooLarge, "the input is " + size + "; send a smaller one", std::move(facts)};
}

} // namespace mm::inference
