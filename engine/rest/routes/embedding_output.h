// Embeddings of a response, whether it holds one or a batch. Pure, any thread.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <cstddef>

namespace mm::rest {

inline std::size_t embeddingCount(const modelmora::v1::OutputData& output) {
    if (output.has_embedding())
        return 1;
    return static_cast<std::size_t>(output.embedding_batch().embeddings_size());
}

inline const modelmora::v1::Embedding& embeddingAt(const modelmora::v1::OutputData& output, std::size_t index) {
    if (output.has_embedding())
        return output.embedding();
    return output.embedding_batch().embeddings(static_cast<int>(index));
}

inline std::size_t embeddingFloats(const modelmora::v1::InferenceResponse& response) {
    std::size_t floats = 0;
    for (std::size_t i = 0; i < embeddingCount(response.output_data()); ++i)
        floats += static_cast<std::size_t>(embeddingAt(response.output_data(), i).values_size());
    return floats;
}

} // namespace mm::rest
