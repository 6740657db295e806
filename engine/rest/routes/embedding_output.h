// Embeddings of a response, in whatever form it holds them. Pure, any thread.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <cstddef>
#include <span>

namespace mm::rest {

inline std::size_t embeddingCount(const modelmora::v1::OutputData& output) {
    if (output.has_embedding())
        return 1;
    if (output.has_embedding_matrix())
        return static_cast<std::size_t>(output.embedding_matrix().rows());
    return static_cast<std::size_t>(output.embedding_batch().embeddings_size());
}

// The response keeps the numbers.
inline std::span<const float> embeddingAt(const modelmora::v1::OutputData& output, std::size_t index) {
    if (output.has_embedding_matrix()) {
        const auto& matrix = output.embedding_matrix();
        const auto dimension = static_cast<std::size_t>(matrix.dimension());
        // Strings of more than a few bytes are aligned for any number, and the engine has compared size and shape.
        return {reinterpret_cast<const float*>(matrix.data().data()) + index * dimension, dimension};
    }
    const auto& values = output.has_embedding() ? output.embedding().values()
                                                : output.embedding_batch().embeddings(static_cast<int>(index)).values();
    return {values.data(), static_cast<std::size_t>(values.size())};
}

inline std::size_t embeddingFloats(const modelmora::v1::InferenceResponse& response) {
    // All rows of one answer are of the same length.
    const std::size_t count = embeddingCount(response.output_data());
    return count == 0 ? 0 : count * embeddingAt(response.output_data(), 0).size();
}

} // namespace mm::rest
