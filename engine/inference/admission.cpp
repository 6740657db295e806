#include "engine/inference/admission.h"

#include "engine/inference/input_kind.h"
#include "engine/ipc/frame.h"

namespace mm::inference {
namespace {

// For what is wrapped around a request in its frame.
constexpr std::size_t kEnvelopeBytes = 64;

Error queueFull(const std::string& what, std::size_t count, std::size_t limit) {
    return {ErrorCode::QueueFull,
            std::to_string(count) + " requests " + what +
                " are unfinished and no more are taken; try again in a second",
            {{"unfinished", static_cast<std::int64_t>(count)},
             {"limit", static_cast<std::int64_t>(limit)},
             {"retry_after_seconds", std::int64_t(1)}}};
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

Result<void> checkRoom(std::size_t all, std::size_t ofModel, const std::string& modelId,
                       const DispatcherOptions& options) {
    if (all >= options.maxRequests)
        return queueFull("of all models", all, options.maxRequests);
    if (ofModel >= options.maxRequestsPerModel)
        return queueFull("of the model " + modelId, ofModel, options.maxRequestsPerModel);
    return {};
}

Result<void> checkSize(const v1::InferenceRequest& request) {
    const std::size_t bytes = request.ByteSizeLong();
    constexpr std::size_t kLimit = ipc::kMaxFrameBytes - kEnvelopeBytes;
    if (bytes <= kLimit)
        return {};
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
