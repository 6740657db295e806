// The arithmetic of the CPU path as one table of functions per instruction set: portable, avx2, avx512, avx512_bf16.
// All tables are made from the same templates (linear_kernel.h, attention_kernel.h, row_kernels.h), so they agree to
// rounding. Functions work on plain memory, start no threads, allocate nothing and cannot fail: callers check sizes.
// Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace mm::worker::kernels {

using Bf16 = std::uint16_t; // the upper half of a float

enum class Activation { None, Gelu, GeluTanh, QuickGelu, Relu, Silu, Tanh };

// out[rows, columns] = act(a[rows, depth] * weights + bias) + residual, for panels panelBegin..panelEnd of the weights
// (see transformer/packed_matrix.h for their layout). Strides count elements. bias is padded to whole panels.
struct LinearCall {
    const void* a = nullptr;
    std::int64_t aStride = 0;
    std::int64_t rows = 0;
    const void* panels = nullptr;
    bool bf16Weights = false;
    bool bf16Input = false; // needs bf16Weights and KernelTable::bf16Dot; then a is Bf16
    std::int64_t depth = 0;
    std::int64_t columns = 0;
    std::int64_t panelBegin = 0;
    std::int64_t panelEnd = 0;
    const float* bias = nullptr;
    Activation activation = Activation::None;
    const float* residual = nullptr; // or null
    std::int64_t residualStride = 0;
    void* out = nullptr; // float, or Bf16 where bf16Output
    bool bf16Output = false;
    std::int64_t outStride = 0;
    float* widened = nullptr; // one panel of floats (depth + 1 rows), used where bf16Weights meet float input
};

// One head of one sequence: softmax(q kT * scale + bias) v. q, k, v are columns of the same rows.
struct AttentionCall {
    const float* q = nullptr;
    const float* k = nullptr;
    const float* v = nullptr; // readable kPanelSlack floats past the head's last column
    std::int64_t stride = 0;
    std::int64_t tokens = 0;
    std::int64_t headSize = 0;
    float scale = 1;
    const float* relativeBias = nullptr; // value for (query i, key j) at [j - i], or null
    void* out = nullptr;                 // float, or Bf16 where bf16Output
    bool bf16Output = false;
    std::int64_t outStride = 0;
    float* scratch = nullptr; // attentionScratch(tokens, headSize) floats
};

// Layer norm of word + position + type (any may be null but word), or of a row of states; out and outBf16 may be null.
struct NormCall {
    const void* parts[3] = {nullptr, nullptr, nullptr};
    bool bf16Parts = false;
    std::int64_t size = 0;
    const float* gain = nullptr;
    const float* shift = nullptr;
    float epsilon = 0;
    float* out = nullptr; // may be parts[0]
    Bf16* outBf16 = nullptr;
};

constexpr std::int64_t kPanelSlack = 32;

struct KernelTable {
    std::string_view name;
    std::int64_t panelWidth = 0; // columns of a weight panel
    bool bf16Dot = false;        // has an instruction that multiplies bf16 pairs
    void (*linear)(const LinearCall&) = nullptr;
    void (*attention)(const AttentionCall&) = nullptr;
    std::int64_t (*attentionScratch)(std::int64_t tokens, std::int64_t headSize) = nullptr;
    void (*norm)(const NormCall&) = nullptr;
    void (*toBf16)(const float* from, Bf16* to, std::int64_t count) = nullptr;
    void (*toFloat)(const Bf16* from, float* to, std::int64_t count) = nullptr;
    // into += weight * row, or the element-wise maximum.
    void (*addScaled)(float* into, const float* row, float weight, std::int64_t count) = nullptr;
    void (*takeMaximum)(float* into, const float* row, std::int64_t count) = nullptr;
    float (*sumOfSquares)(const float* row, std::int64_t count) = nullptr;
};

// The best table for this CPU; MM_KERNELS=<name> in the environment picks another that it supports.
const KernelTable& bestKernels();
// Every table that this CPU can run, best first.
std::span<const KernelTable* const> supportedKernels();
// Whether multiplying bf16 pairs directly beats widening them to fp32 here (it does on some CPUs and halves the speed
// on others). Measured once, in under a millisecond.
bool bf16DotPays(const KernelTable& table);

} // namespace mm::worker::kernels
