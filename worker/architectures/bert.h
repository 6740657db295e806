// The bert family (BERT, MiniLM, E5, BGE, GTE in their BERT form): absolute positions, token types, post layer norm.
#pragma once

#include "worker/architectures/architecture_registry.h"
#include "worker/runtime/transformer/transformer_weights.h"

#include <cstdint>

namespace mm::worker {

void registerBert(ArchitectureRegistry& registry);

// Fills everything but the shape from tensors named as BERT names them; roberta uses the same names.
TransformerWeights takeBertWeights(Weights& weights, const TransformerShape& shape, std::int64_t layers);

} // namespace mm::worker
