// A classification head as the BERT-like families publish it, whatever its checkpoint calls it: one layer with its
// activation over the state of the first token, and one with a column for each label. Filled by worker/architectures;
// the tensors may view the checkpoint's mapping.
#pragma once

#include "worker/runtime/kernels/kernel_table.h"
#include "worker/runtime/transformer/packed_matrix.h"

namespace mm::worker {

struct ClassifierWeights {
    LinearWeights dense;
    kernels::Activation activation = kernels::Activation::Tanh;
    LinearWeights out;
};

} // namespace mm::worker
