#include "engine/dialects/oip/infer_outputs.h"

#include "engine/dialects/oip/byte_strings.h"

#include <algorithm>
#include <bit>

namespace mm::dialects::oip {
namespace {

namespace v1 = modelmora::v1;
using Floats = google::protobuf::RepeatedField<float>;

static_assert(std::endian::native == std::endian::little, "floats go out as they lie in memory");

void appendFloats(std::string& out, const Floats& values) {
    out.append(reinterpret_cast<const char*>(values.data()), static_cast<std::size_t>(values.size()) * sizeof(float));
}

OutputTensor fp32(std::string name, Shape shape) {
    OutputTensor tensor;
    tensor.name = std::move(name);
    tensor.datatype = kFp32;
    tensor.shape = std::move(shape);
    return tensor;
}

Error uneven(const v1::InferenceResponse& response) {
    return {ErrorCode::InternalError,
            "the rows of the answer of " + response.model_id() + " differ in length, so they are no tensor"};
}

Result<OutputTensor> embeddings(const v1::InferenceResponse& response) {
    const v1::OutputData& output = response.output_data();
    if (output.has_embedding_matrix()) {
        const v1::EmbeddingMatrix& matrix = output.embedding_matrix();
        OutputTensor tensor = fp32("embedding", {matrix.rows(), matrix.dimension()});
        if (matrix.data().size() !=
            static_cast<std::uint64_t>(matrix.rows()) * static_cast<std::uint64_t>(matrix.dimension()) * sizeof(float))
            return uneven(response);
        tensor.shared = &matrix.data();
        return tensor;
    }
    if (output.has_embedding()) {
        OutputTensor tensor = fp32("embedding", {1, output.embedding().values_size()});
        appendFloats(tensor.own, output.embedding().values());
        return tensor;
    }
    const auto& rows = output.embedding_batch().embeddings();
    const int dimension = rows.empty() ? 0 : rows[0].values_size();
    OutputTensor tensor = fp32("embedding", {rows.size(), dimension});
    tensor.own.reserve(static_cast<std::size_t>(rows.size()) * static_cast<std::size_t>(dimension) * sizeof(float));
    for (const v1::Embedding& row : rows) {
        if (row.values_size() != dimension)
            return uneven(response);
        appendFloats(tensor.own, row.values());
    }
    return tensor;
}

Result<std::vector<OutputTensor>> labels(const v1::InferenceResponse& response) {
    const auto& rows = response.output_data().classification_batch().classifications();
    const int width = rows.empty() ? 0 : rows[0].labels_size();
    OutputTensor score = fp32("score", {rows.size(), width});
    OutputTensor label = score;
    label.name = "label";
    label.datatype = kBytes;
    for (const v1::Classification& row : rows) {
        if (row.labels_size() != width)
            return uneven(response);
        for (const v1::LabelScore& entry : row.labels()) {
            appendByteString(label.own, entry.label());
            const float value = entry.score();
            score.own.append(reinterpret_cast<const char*>(&value), sizeof value);
        }
    }
    return std::vector<OutputTensor>{std::move(label), std::move(score)};
}

Result<std::vector<OutputTensor>> allTensors(const v1::InferenceResponse& response) {
    const v1::OutputData& output = response.output_data();
    switch (output.data_case()) {
    case v1::OutputData::kEmbedding:
    case v1::OutputData::kEmbeddingBatch:
    case v1::OutputData::kEmbeddingMatrix: {
        MM_TRY(OutputTensor tensor, embeddings(response));
        return std::vector<OutputTensor>{std::move(tensor)};
    }
    case v1::OutputData::kScores: {
        OutputTensor tensor = fp32("score", {output.scores().values_size()});
        appendFloats(tensor.own, output.scores().values());
        return std::vector<OutputTensor>{std::move(tensor)};
    }
    case v1::OutputData::kClassificationBatch:
        return labels(response);
    default:
        return Error{ErrorCode::InternalError,
                     "the answer of " + response.model_id() + " has no form as tensors of this protocol"};
    }
}

} // namespace

Result<std::vector<OutputTensor>> outputTensors(const v1::InferenceResponse& response, const InferCall& call) {
    MM_TRY(std::vector<OutputTensor> all, allTensors(response));
    for (OutputTensor& tensor : all)
        tensor.binary = call.allBinary;
    if (call.outputs.empty())
        return all;
    std::string names;
    for (const OutputTensor& tensor : all)
        names += (names.empty() ? "" : ", ") + tensor.name;
    std::vector<OutputTensor> asked;
    for (const RequestedOutput& output : call.outputs) {
        const auto found =
            std::find_if(all.begin(), all.end(), [&](const OutputTensor& each) { return each.name == output.name; });
        if (found == all.end())
            return Error{ErrorCode::InvalidInput,
                         "the model " + response.model_id() + " gives no output '" + output.name +
                             "' for this request; it gives " + names,
                         {{"tensor", output.name}}};
        asked.push_back(std::move(*found));
        asked.back().binary = output.binary;
        all.erase(found);
    }
    return asked;
}

} // namespace mm::dialects::oip
