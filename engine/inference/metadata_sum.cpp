#include "engine/inference/metadata_sum.h"

#include <algorithm>

namespace mm::inference {

void addMetadata(const modelmora::v1::InferenceMetadata& part, modelmora::v1::InferenceMetadata& sum) {
    sum.set_tokenize_ms(sum.tokenize_ms() + part.tokenize_ms());
    sum.set_compute_ms(sum.compute_ms() + part.compute_ms());
    sum.set_input_tokens(sum.input_tokens() + part.input_tokens());
    sum.set_truncated_inputs(sum.truncated_inputs() + part.truncated_inputs());
    sum.set_batch_size(std::max(sum.batch_size(), part.batch_size()));
    *sum.mutable_timestamp() = part.timestamp();
}

void fitTimes(double totalMs, modelmora::v1::InferenceMetadata& sum) {
    const double around = sum.queue_ms() + sum.load_ms() + sum.send_ms();
    const double inWorker = sum.tokenize_ms() + sum.compute_ms();
    const double left = std::max(0.0, totalMs - around);
    const double scale = inWorker > left ? left / inWorker : 1;
    sum.set_tokenize_ms(sum.tokenize_ms() * scale);
    sum.set_compute_ms(sum.compute_ms() * scale);
    sum.set_inference_time_ms(sum.tokenize_ms() + sum.compute_ms());
    sum.set_batch_wait_ms(std::max(0.0, left - sum.inference_time_ms()));
    sum.set_total_time_ms(std::max(totalMs, around));
}

} // namespace mm::inference
