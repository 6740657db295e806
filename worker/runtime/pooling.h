// From token states to one vector per sequence, over packed sequences; fp32 arithmetic and fp32 results whatever the
// states' type. Any thread; throws Failure(InternalError) where offsets and states disagree.
#pragma once

#include "worker/runtime/pooling_mode.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>

namespace mm::worker {

// hidden [tokens, dim] in fp32 or bf16, offsets as in PackedBatch; returns fp32 [sequences, dim].
at::Tensor pool(const at::Tensor& hidden, std::span<const std::int32_t> offsets, PoolingMode mode);
// Every row of an fp32 [n, dim] tensor to Euclidean length 1, in place; a zero row stays zero.
void normalizeRows(at::Tensor& rows);

} // namespace mm::worker
