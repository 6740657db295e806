// A linear layer's weights in the order the kernels read them: panels of KernelTable::panelWidth output columns, each
// [depth][panelWidth] floats, or for bf16 [depth / 2][panelWidth][2] so that two inputs of a column lie side by side.
// The missing columns of the last panel and an odd last input are zero. Immutable; memory belongs to the arena.
#pragma once

#include "worker/runtime/dtype.h"
#include "worker/runtime/kernels/kernel_table.h"
#include "worker/runtime/large_memory.h"

#include <ATen/core/Tensor.h>

#include <span>

namespace mm::worker {

struct PackedMatrix {
    const void* panels = nullptr;
    const float* bias = nullptr; // padded to whole panels
    std::int64_t depth = 0;
    std::int64_t columns = 0;
    std::int64_t panelCount = 0;
    bool bf16 = false;
};

struct LinearWeights {
    at::Tensor weight; // [columns, depth], as checkpoints store it
    at::Tensor bias;   // [columns], or undefined: zero
};

// Several layers with the same input become one, their columns side by side.
PackedMatrix packLinear(std::span<const LinearWeights> layers, Dtype dtype, const kernels::KernelTable& table,
                        LargeMemory& memory);
// A copy of a tensor as floats, or as bf16.
const float* packFloats(const at::Tensor& tensor, LargeMemory& memory);
const void* packRows(const at::Tensor& tensor, Dtype dtype, const kernels::KernelTable& table, LargeMemory& memory);

} // namespace mm::worker
