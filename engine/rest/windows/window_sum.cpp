#include "engine/rest/windows/window_sum.h"

#include <algorithm>

namespace mm::rest {
namespace {

namespace v1 = modelmora::v1;

void join(const v1::OutputData& part, v1::OutputData& out) {
    if (!part.has_embedding_matrix())
        return out.MergeFrom(part); // lists are appended
    const v1::EmbeddingMatrix& rows = part.embedding_matrix();
    v1::EmbeddingMatrix& all = *out.mutable_embedding_matrix();
    all.set_rows(all.rows() + rows.rows());
    all.set_dimension(rows.dimension());
    all.mutable_data()->append(rows.data());
}

} // namespace

void addMetadata(const v1::InferenceMetadata& window, v1::InferenceMetadata& sum) {
    sum.set_tokenize_ms(sum.tokenize_ms() + window.tokenize_ms());
    sum.set_compute_ms(sum.compute_ms() + window.compute_ms());
    sum.set_input_tokens(sum.input_tokens() + window.input_tokens());
    sum.set_truncated_inputs(sum.truncated_inputs() + window.truncated_inputs());
    sum.set_batch_size(std::max(sum.batch_size(), window.batch_size()));
    *sum.mutable_timestamp() = window.timestamp();
}

void fitTimes(double totalMs, v1::InferenceMetadata& sum) {
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

void joinOutputs(const std::vector<SharedResponse>& parts, v1::OutputData& out) {
    out = parts.front()->output_data();
    for (std::size_t i = 1; i < parts.size(); ++i)
        join(parts[i]->output_data(), out);
}

} // namespace mm::rest
