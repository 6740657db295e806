#include "engine/inference/response.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>

namespace mm::inference {
namespace {

double inMilliseconds(std::int64_t microseconds) {
    return static_cast<double>(microseconds) / 1000;
}

void setTimes(v1::InferenceMetadata& metadata, const Request& request, const wv1::StageTimes& times, Instant now) {
    const double total = toMilliseconds(now - request.call.received);
    const double load = toMilliseconds(request.loadTime);
    const double gathering = toMilliseconds(request.batchTime);
    const double queue = std::max(0.0, toMilliseconds(request.sent - request.call.received) - load - gathering);
    const double wait = gathering + inMilliseconds(times.wait_us());
    const double tokenize = inMilliseconds(times.tokenize_us());
    const double compute = inMilliseconds(times.compute_us());
    metadata.set_total_time_ms(total);
    metadata.set_load_ms(load);
    metadata.set_queue_ms(queue);
    metadata.set_batch_wait_ms(wait);
    metadata.set_tokenize_ms(tokenize);
    metadata.set_compute_ms(compute);
    metadata.set_inference_time_ms(tokenize + compute);
    // What is left is the way to the worker and back.
    metadata.set_send_ms(std::max(0.0, total - load - queue - wait - tokenize - compute));
}

} // namespace

Request::Response makeResponse(const Request& request, wv1::Output& output, const Clock& clock) {
    auto response = std::make_shared<v1::InferenceResponse>();
    response->set_model_id(request.model.modelId);
    *response->mutable_output_data() = std::move(*output.mutable_data());
    auto* metadata = response->mutable_metadata();
    const ModelFacts facts = request.lease->facts();
    metadata->set_device(facts.device);
    metadata->set_dtype(facts.dtype);
    metadata->set_model_version(facts.version);
    metadata->set_request_id(request.call.requestId);
    metadata->set_batch_size(output.batch_size());
    metadata->set_input_tokens(output.input_tokens());
    metadata->set_truncated_inputs(output.truncated_inputs());
    const auto sinceEpoch = std::chrono::duration_cast<std::chrono::nanoseconds>(clock.wallNow().time_since_epoch());
    *metadata->mutable_timestamp() = google::protobuf::util::TimeUtil::NanosecondsToTimestamp(sinceEpoch.count());
    setTimes(*metadata, request, output.times(), clock.now());
    return response;
}

std::int64_t chargedMicros(const wv1::Output& output) {
    return output.charged_us() > 0 ? output.charged_us() : std::max<std::int64_t>(0, output.times().compute_us());
}

} // namespace mm::inference
