// An Encoder over a transformer's weights: checks every batch, then runs it on the model's device (own kernels on the
// CPU, ATen elsewhere). Takes the weights' values, not their memory.
#pragma once

#include "worker/architectures/encoder.h"
#include "worker/runtime/transformer/transformer_weights.h"

#include <memory>

namespace mm::worker {

std::unique_ptr<Encoder> makeTransformerEncoder(const TransformerWeights& weights, const EncoderOptions& options);

} // namespace mm::worker
