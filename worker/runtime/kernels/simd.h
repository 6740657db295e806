// Vectors of kLanes floats by the compiler's vector extensions. Included once by each kernels_*.cpp, which defines
// MM_LANES first and is compiled for its instruction set. Everything here is in an unnamed namespace on purpose: a
// function compiled for a newer CPU must never be merged with another file's copy.
#pragma once

#include "worker/runtime/kernels/kernel_table.h"

#if defined(__AVX512F__) || defined(__AVX2__)
#include <immintrin.h>
#endif

namespace mm::worker::kernels {
namespace {

constexpr std::int64_t kLanes = MM_LANES;
using Floats = float __attribute__((vector_size(kLanes * 4)));
using Ints = std::int32_t __attribute__((vector_size(kLanes * 4)));
using Words = std::uint32_t __attribute__((vector_size(kLanes * 4)));
using Halves = std::uint16_t __attribute__((vector_size(kLanes * 2)));

#define MM_INLINE [[gnu::always_inline]] inline

MM_INLINE Floats broadcast(float value) {
    return value - Floats{}; // minus, not plus: subtracting 0 changes no value, so the compiler leaves it out
}

MM_INLINE Floats load(const float* from) {
    Floats value;
    __builtin_memcpy(&value, from, sizeof value);
    return value;
}

MM_INLINE Floats load(const Bf16* from) {
    Halves halves;
    __builtin_memcpy(&halves, from, sizeof halves);
    return (Floats)(__builtin_convertvector(halves, Words) << 16);
}

MM_INLINE void store(float* to, Floats value) {
    __builtin_memcpy(to, &value, sizeof value);
}

// Rounds to nearest, ties to even; a NaN stays one.
MM_INLINE void store(Bf16* to, Floats value) {
    const Words bits = (Words)value;
    const Words rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    const Words kept = (bits & 0x7fffffffu) > 0x7f800000u ? (bits >> 16) | 0x40u : rounded;
    const Halves halves = __builtin_convertvector(kept, Halves);
    __builtin_memcpy(to, &halves, sizeof halves);
}

template <typename T>
MM_INLINE Floats loadPart(const T* from, std::int64_t count) {
    T values[kLanes] = {};
    __builtin_memcpy(values, from, static_cast<std::size_t>(count) * sizeof(T));
    return load(values);
}

template <typename T>
MM_INLINE void storePart(T* to, Floats value, std::int64_t count) {
    T values[kLanes];
    store(values, value);
    __builtin_memcpy(to, values, static_cast<std::size_t>(count) * sizeof(T));
}

MM_INLINE Floats larger(Floats a, Floats b) {
#if defined(__AVX512F__)
    return _mm512_max_ps(a, b);
#else
    return a > b ? a : b;
#endif
}

MM_INLINE Floats absolute(Floats value) {
    return (Floats)((Ints)value & 0x7fffffff);
}

MM_INLINE Floats reciprocal(Floats value) {
#if defined(__AVX512F__)
    const Floats guess = _mm512_rcp14_ps(value);
    return guess * (2.0f - value * guess);
#else
    return 1.0f / value;
#endif
}

template <typename Merge>
MM_INLINE float folded(Floats value, Merge merge) {
#if defined(__clang__)
    float result = value[0];
    for (std::int64_t i = 1; i < kLanes; ++i)
        result = merge(broadcast(result), broadcast(value[i]))[0];
    return result;
#else
    Ints lane{};
    for (std::int64_t i = 0; i < kLanes; ++i)
        lane[i] = static_cast<std::int32_t>(i);
    for (std::int32_t step = kLanes / 2; step > 0; step /= 2)
        value = merge(value, __builtin_shuffle(value, lane ^ step));
    return value[0];
#endif
}

MM_INLINE float sumOf(Floats value) {
    return folded(value, [](Floats a, Floats b) { return a + b; });
}

MM_INLINE float largestOf(Floats value) {
    return folded(value, [](Floats a, Floats b) { return larger(a, b); });
}

// 2^x with a relative error under 3e-7, for x up to 127; below -126 the result is about 1e-38 instead of 0.
MM_INLINE Floats exp2Of(Floats x) {
    constexpr float kShifter = 12582912.0f; // 1.5 * 2^23: adding it rounds to a whole number
    x = larger(x, broadcast(-126.0f));
    const Floats shifted = x + kShifter;
    const Floats f = x - (shifted - kShifter);
    Floats p = broadcast(1.54035308e-4f);
    p = p * f + 1.33335581e-3f;
    p = p * f + 9.61812911e-3f;
    p = p * f + 5.55041087e-2f;
    p = p * f + 2.40226507e-1f;
    p = p * f + 6.93147181e-1f;
    p = p * f + 1.0f;
    return (Floats)((Ints)p + ((Ints)shifted << 23));
}

constexpr float kLog2E = 1.44269504f;

MM_INLINE Floats sigmoid(Floats x) {
    // Past 87 the result is 0 or 1 to the last bit, and the exponent would overflow.
    const Floats bounded = larger(x, broadcast(-87.0f));
    return reciprocal(1.0f + exp2Of(larger(-bounded * kLog2E, broadcast(-126.0f))));
}

// x * Phi(x) through the complementary error function by Abramowitz and Stegun 7.1.26, absolute error under 2e-7.
MM_INLINE Floats gelu(Floats x) {
    const Floats z = absolute(x) * 0.70710678f;
    const Floats t = reciprocal(1.0f + 0.3275911f * z);
    Floats p = broadcast(1.061405429f);
    p = p * t - 1.453152027f;
    p = p * t + 1.421413741f;
    p = p * t - 0.284496736f;
    p = p * t + 0.254829592f;
    const Floats tail = 0.5f * p * t * exp2Of(z * z * -kLog2E); // Phi(-|x|)
    return larger(x, Floats{}) - absolute(x) * tail;
}

MM_INLINE Floats geluTanh(Floats x) {
    return x * sigmoid(x * (1.59576912f + 0.0713548163f * x * x));
}

} // namespace
} // namespace mm::worker::kernels
