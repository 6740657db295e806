// What works row by row: layer norm (with the sum of embeddings as its input), conversions, and the sums that pooling
// needs. Included by kernels_*.cpp only.
#pragma once

#include "worker/runtime/kernels/simd.h"

namespace mm::worker::kernels {
namespace {

template <typename Part>
MM_INLINE Floats sumOfParts(const NormCall& call, std::int64_t at, std::int64_t count) {
    Floats sum{};
    for (const void* part : call.parts) {
        if (part == nullptr)
            continue;
        const Part* from = static_cast<const Part*>(part) + at;
        sum += count >= kLanes ? load(from) : loadPart(from, count);
    }
    return sum;
}

template <typename Part>
MM_INLINE void normRow(const NormCall& call) {
    const std::int64_t whole = call.size / kLanes * kLanes;
    const std::int64_t rest = call.size - whole;
    Ints lane{};
    for (std::int64_t i = 0; i < kLanes; ++i)
        lane[i] = static_cast<std::int32_t>(i);
    float* out = call.out;
    Floats total{};
    for (std::int64_t j = 0; j < whole; j += kLanes) {
        const Floats value = sumOfParts<Part>(call, j, kLanes);
        total += value;
        store(out + j, value);
    }
    if (rest > 0) {
        const Floats value = sumOfParts<Part>(call, whole, rest);
        total += value;
        storePart(out + whole, value, rest);
    }
    const Floats mean = broadcast(sumOf(total) / static_cast<float>(call.size));
    Floats squares{};
    for (std::int64_t j = 0; j < whole; j += kLanes) {
        const Floats distance = load(out + j) - mean;
        squares += distance * distance;
    }
    if (rest > 0) {
        const Floats distance = lane < static_cast<int>(rest) ? loadPart(out + whole, rest) - mean : Floats{};
        squares += distance * distance;
    }
    const float variance = sumOf(squares) / static_cast<float>(call.size);
    const float inverse = 1.0f / __builtin_sqrtf(variance + call.epsilon);
    for (std::int64_t j = 0; j < call.size; j += kLanes) {
        const std::int64_t count = call.size - j;
        if (count >= kLanes) {
            const Floats value = (load(out + j) - mean) * inverse * load(call.gain + j) + load(call.shift + j);
            store(out + j, value);
            if (call.outBf16 != nullptr)
                store(call.outBf16 + j, value);
        } else {
            const Floats value = (loadPart(out + j, count) - mean) * inverse * loadPart(call.gain + j, count) +
                                 loadPart(call.shift + j, count);
            storePart(out + j, value, count);
            if (call.outBf16 != nullptr)
                storePart(call.outBf16 + j, value, count);
        }
    }
}

void norm(const NormCall& call) {
    if (call.bf16Parts)
        normRow<Bf16>(call);
    else
        normRow<float>(call);
}

template <typename From, typename To>
MM_INLINE void convert(const From* from, To* to, std::int64_t count) {
    std::int64_t j = 0;
    for (; j + kLanes <= count; j += kLanes)
        store(to + j, load(from + j));
    if (j < count)
        storePart(to + j, loadPart(from + j, count - j), count - j);
}

void toBf16(const float* from, Bf16* to, std::int64_t count) {
    convert(from, to, count);
}

void toFloat(const Bf16* from, float* to, std::int64_t count) {
    convert(from, to, count);
}

void addScaled(float* into, const float* row, float weight, std::int64_t count) {
    std::int64_t j = 0;
    for (; j + kLanes <= count; j += kLanes)
        store(into + j, load(into + j) + weight * load(row + j));
    for (; j < count; ++j)
        into[j] += weight * row[j];
}

void takeMaximum(float* into, const float* row, std::int64_t count) {
    std::int64_t j = 0;
    for (; j + kLanes <= count; j += kLanes)
        store(into + j, larger(load(into + j), load(row + j)));
    for (; j < count; ++j)
        into[j] = row[j] > into[j] ? row[j] : into[j];
}

float sumOfSquares(const float* row, std::int64_t count) {
    Floats sum{};
    std::int64_t j = 0;
    for (; j + kLanes <= count; j += kLanes)
        sum += load(row + j) * load(row + j);
    if (j < count) {
        const Floats value = loadPart(row + j, count - j);
        sum += value * value;
    }
    return sumOf(sum);
}

} // namespace
} // namespace mm::worker::kernels
