#include "engine/inference/jobs/job_pieces.h"

#include <QCryptographicHash>

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <algorithm>

namespace mm::inference {
namespace {

using Take = std::function<Result<void>(const v1::InputData& piece)>;

std::int64_t sizeOf(const std::string& input) {
    return static_cast<std::int64_t>(input.size());
}
std::int64_t sizeOf(const google::protobuf::MessageLite& input) {
    return static_cast<std::int64_t>(input.ByteSizeLong());
}

template <typename Inputs, typename Add>
Result<void> cut(const Inputs& inputs, const PieceBounds& bounds, const Take& take, Add add) {
    v1::InputData piece;
    int count = 0;
    std::int64_t bytes = 0;
    for (const auto& input : inputs) {
        const std::int64_t size = sizeOf(input);
        if (count > 0 && (count >= bounds.inputs || bytes + size > bounds.bytes)) {
            MM_CHECK(take(piece));
            piece.Clear();
            count = 0;
            bytes = 0;
        }
        add(piece, input);
        ++count;
        bytes += size;
    }
    return count > 0 ? take(piece) : Result<void>();
}

} // namespace

Result<void> cutIntoPieces(const v1::InputData& input, const PieceBounds& bounds, const Take& take) {
    switch (input.data_case()) {
    case v1::InputData::kTextBatch:
        return cut(input.text_batch().texts(), bounds, take,
                   [](v1::InputData& piece, const std::string& text) { piece.mutable_text_batch()->add_texts(text); });
    case v1::InputData::kImageBatch:
        return cut(input.image_batch().images(), bounds, take, [](v1::InputData& piece, const std::string& image) {
            piece.mutable_image_batch()->add_images(image);
        });
    case v1::InputData::kTokenBatch:
        return cut(input.token_batch().sequences(), bounds, take,
                   [](v1::InputData& piece, const v1::TokenSequence& tokens) {
                       *piece.mutable_token_batch()->add_sequences() = tokens;
                   });
    case v1::InputData::kQueryDocuments:
        return cut(input.query_documents().documents(), bounds, take,
                   [&query = input.query_documents().query()](v1::InputData& piece, const std::string& document) {
                       piece.mutable_query_documents()->set_query(query);
                       piece.mutable_query_documents()->add_documents(document);
                   });
    case v1::InputData::kTextPairs:
        return cut(input.text_pairs().pairs(), bounds, take, [](v1::InputData& piece, const v1::TextPair& pair) {
            *piece.mutable_text_pairs()->add_pairs() = pair;
        });
    default:
        v1::InputData whole = input;
        whole.clear_custom_data();
        return take(whole);
    }
}

v1::InferenceRequest sharedPart(const v1::InferenceRequest& request) {
    v1::InferenceRequest shared;
    shared.set_model_id(request.model_id());
    if (request.has_parameters())
        *shared.mutable_parameters() = request.parameters();
    shared.set_priority(request.priority());
    shared.set_timeout_seconds(request.timeout_seconds());
    shared.set_embedding_format(request.embedding_format());
    if (request.has_keep_alive_seconds())
        shared.set_keep_alive_seconds(request.keep_alive_seconds());
    if (request.input_data().has_custom_data())
        *shared.mutable_input_data()->mutable_custom_data() = request.input_data().custom_data();
    return shared;
}

std::string contentHash(const v1::InferenceRequest& request) {
    v1::InferenceRequest content = request;
    content.clear_request_id();
    content.mutable_job()->clear_idempotency_key();
    std::string bytes;
    {
        // Maps have no order of their own; the same content must give the same bytes.
        google::protobuf::io::StringOutputStream stream(&bytes);
        google::protobuf::io::CodedOutputStream coded(&stream);
        coded.SetSerializationDeterministic(true);
        content.SerializeToCodedStream(&coded);
    }
    const auto view = QByteArrayView(bytes.data(), static_cast<qsizetype>(bytes.size()));
    return QCryptographicHash::hash(view.toByteArray(), QCryptographicHash::Sha256).toHex().toStdString();
}

Result<void> addOutput(v1::OutputData& whole, const v1::OutputData& piece) {
    if (!whole.has_embedding_matrix() || !piece.has_embedding_matrix()) {
        whole.MergeFrom(piece);
        return {};
    }
    v1::EmbeddingMatrix& matrix = *whole.mutable_embedding_matrix();
    const v1::EmbeddingMatrix& more = piece.embedding_matrix();
    if (more.dimension() != matrix.dimension())
        return Error{ErrorCode::StorageDamaged, "The pieces of one result have embeddings of " +
                                                    std::to_string(matrix.dimension()) + " and of " +
                                                    std::to_string(more.dimension()) + " numbers."};
    matrix.set_rows(matrix.rows() + more.rows());
    matrix.mutable_data()->append(more.data());
    return {};
}

void addMetadata(v1::InferenceMetadata& whole, const v1::InferenceMetadata& piece) {
    whole.set_inference_time_ms(whole.inference_time_ms() + piece.inference_time_ms());
    whole.set_batch_size(std::max(whole.batch_size(), piece.batch_size()));
    whole.set_queue_ms(whole.queue_ms() + piece.queue_ms());
    whole.set_load_ms(whole.load_ms() + piece.load_ms());
    whole.set_batch_wait_ms(whole.batch_wait_ms() + piece.batch_wait_ms());
    whole.set_tokenize_ms(whole.tokenize_ms() + piece.tokenize_ms());
    whole.set_compute_ms(whole.compute_ms() + piece.compute_ms());
    whole.set_send_ms(whole.send_ms() + piece.send_ms());
    whole.set_input_tokens(whole.input_tokens() + piece.input_tokens());
    whole.set_truncated_inputs(whole.truncated_inputs() + piece.truncated_inputs());
    whole.set_device(piece.device());
    whole.set_dtype(piece.dtype());
    whole.set_model_version(piece.model_version());
    *whole.mutable_timestamp() = piece.timestamp();
}

} // namespace mm::inference
