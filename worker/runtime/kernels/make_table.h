// The table of the file that includes this. Included by kernels_*.cpp only.
#pragma once

#include "worker/runtime/kernels/attention_kernel.h"
#include "worker/runtime/kernels/row_kernels.h"

namespace mm::worker::kernels {
namespace {

constexpr KernelTable makeTable(std::string_view name) {
#if defined(__AVX512BF16__)
    constexpr bool kBf16Dot = true;
#else
    constexpr bool kBf16Dot = false;
#endif
    return {name, kPanel, kBf16Dot, linear,    attention,   attentionScratch,
            norm, toBf16, toFloat,  addScaled, takeMaximum, sumOfSquares};
}

} // namespace
} // namespace mm::worker::kernels
