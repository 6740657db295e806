// What a BERT-like encoder is made of, whatever its checkpoint calls it: filled by worker/architectures from config and
// weights, consumed once by CpuTransformer or AtenTransformer. The tensors may view the checkpoint's mapping.
#pragma once

#include "worker/runtime/kernels/kernel_table.h"
#include "worker/runtime/transformer/packed_matrix.h"

#include <cstdint>
#include <vector>

namespace mm::worker {

struct NormWeights {
    at::Tensor gain;
    at::Tensor shift;
};

struct TransformerShape {
    std::int64_t hidden = 0;
    std::int64_t heads = 0;
    std::int64_t intermediate = 0;
    std::int64_t vocabulary = 0;
    std::int64_t positions = 0;     // rows of the position table
    std::int64_t firstPosition = 0; // row of a sequence's first token
    std::int64_t paddingToken = -1; // takes row firstPosition - 1 and counts for nothing, where firstPosition > 0
    std::int64_t types = 0;         // rows of the type table; 0: there is none
    kernels::Activation activation = kernels::Activation::Gelu;
    float epsilon = 1e-12F;
    std::int64_t relativeDistance = 128; // past it all relative positions share one bucket
};

struct TransformerLayerWeights {
    LinearWeights query, key, value, attentionOut;
    NormWeights attentionNorm;
    LinearWeights up, down;
    NormWeights outputNorm;
};

struct TransformerWeights {
    TransformerShape shape;
    at::Tensor words;
    at::Tensor positions;
    at::Tensor types;        // undefined where shape.types is 0
    at::Tensor relativeBias; // [buckets, heads], added to the scores of every layer; or undefined
    NormWeights embeddingNorm;
    std::vector<TransformerLayerWeights> layers;
};

// The longest sequence that the positions allow.
inline std::int64_t usablePositions(const TransformerShape& shape) {
    return shape.positions - shape.firstPosition;
}
// Row of the position table for every token of a sequence.
void positionRows(const TransformerShape& shape, const std::int32_t* tokens, std::int64_t count, std::int32_t* rows);
// Bucket of the distance key - query.
std::int64_t relativeBucket(std::int64_t distance, std::int64_t buckets, std::int64_t furthest);

} // namespace mm::worker
