// Attention of one head over one packed sequence: no padding to other sequences, keys transposed once into panels, then
// tile by tile of queries: all scores of the tile's rows, softmax in place, weighted sum of the values. The scores of a
// tile stay in the first-level cache up to some 700 tokens. Included by kernels_*.cpp only.
#pragma once

#include "worker/runtime/kernels/linear_kernel.h"

namespace mm::worker::kernels {
namespace {

MM_INLINE std::int64_t paddedTokens(std::int64_t tokens) {
    return (tokens + kPanel - 1) / kPanel * kPanel;
}

std::int64_t attentionScratch(std::int64_t tokens, std::int64_t headSize) {
    const std::int64_t padded = paddedTokens(tokens);
    return padded * headSize + kTileRows * (padded + kLanes);
}

// to[headSize][kPanel] = the transpose of up to kPanel keys, the rest zero.
MM_INLINE void transposeKeys(const float* keys, std::int64_t stride, std::int64_t count, std::int64_t headSize,
                             float* to) {
    using Four = float __attribute__((vector_size(16)));
    const auto read = [](const float* from) {
        Four value;
        __builtin_memcpy(&value, from, sizeof value);
        return value;
    };
    std::int64_t key = 0;
    for (; key + 4 <= count; key += 4) {
        const float* from = keys + key * stride;
        std::int64_t d = 0;
        for (; d + 4 <= headSize; d += 4) {
            const Four a = read(from + d);
            const Four b = read(from + stride + d);
            const Four c = read(from + 2 * stride + d);
            const Four e = read(from + 3 * stride + d);
            const Four ab0 = __builtin_shufflevector(a, b, 0, 4, 1, 5);
            const Four ab1 = __builtin_shufflevector(a, b, 2, 6, 3, 7);
            const Four ce0 = __builtin_shufflevector(c, e, 0, 4, 1, 5);
            const Four ce1 = __builtin_shufflevector(c, e, 2, 6, 3, 7);
            const Four columns[4] = {
                __builtin_shufflevector(ab0, ce0, 0, 1, 4, 5), __builtin_shufflevector(ab0, ce0, 2, 3, 6, 7),
                __builtin_shufflevector(ab1, ce1, 0, 1, 4, 5), __builtin_shufflevector(ab1, ce1, 2, 3, 6, 7)};
            for (std::int64_t i = 0; i < 4; ++i)
                __builtin_memcpy(to + (d + i) * kPanel + key, &columns[i], sizeof columns[i]);
        }
        for (; d < headSize; ++d)
            for (std::int64_t i = 0; i < 4; ++i)
                to[d * kPanel + key + i] = from[i * stride + d];
    }
    for (; key < kPanel; ++key)
        for (std::int64_t d = 0; d < headSize; ++d)
            to[d * kPanel + key] = key < count ? keys[key * stride + d] : 0.0f;
}

// Turns a row of raw scores into unnormalised weights and returns 1 / their sum. Entries past tokens become 0.
MM_INLINE float softmaxRow(float* row, std::int64_t tokens, std::int64_t padded, float scale, const float* bias) {
    Ints lane{};
    for (std::int64_t i = 0; i < kLanes; ++i)
        lane[i] = static_cast<std::int32_t>(i);
    const std::int64_t whole = tokens / kLanes * kLanes;
    const int rest = static_cast<int>(tokens - whole);
    if (bias != nullptr) {
        for (std::int64_t j = 0; j < whole; j += kLanes)
            store(row + j, load(row + j) * scale + load(bias + j));
        for (std::int64_t j = whole; j < tokens; ++j)
            row[j] = row[j] * scale + bias[j];
        scale = 1.0f;
    }
    Floats most = broadcast(-__builtin_inff());
    for (std::int64_t j = 0; j < whole; j += kLanes)
        most = larger(most, load(row + j));
    if (rest > 0)
        most = larger(most, lane < rest ? load(row + whole) : most);
    const float factor = scale * kLog2E;
    const Floats offset = broadcast(largestOf(most) * factor);
    Floats sum{};
    for (std::int64_t j = 0; j < whole; j += kLanes) {
        const Floats weight = exp2Of(load(row + j) * factor - offset);
        sum += weight;
        store(row + j, weight);
    }
    for (std::int64_t j = whole; j < padded; j += kLanes) {
        const Floats weight = lane < static_cast<int>(tokens - j) ? exp2Of(load(row + j) * factor - offset) : Floats{};
        sum += weight;
        store(row + j, weight);
    }
    return 1.0f / sumOf(sum);
}

template <typename Out>
MM_INLINE void writeScaled(const float* tile, std::int64_t rows, const float* inverse, std::int64_t width, Out* out,
                           std::int64_t stride) {
    for (std::int64_t i = 0; i < rows; ++i) {
        for (std::int64_t j = 0; j < width; j += kLanes) {
            const Floats value = load(tile + i * kPanel + j) * inverse[i];
            if (width - j >= kLanes)
                store(out + i * stride + j, value);
            else
                storePart(out + i * stride + j, value, width - j);
        }
    }
}

// scores[rows][scoreStride] = q * kT for one tile of queries.
template <std::int64_t Rows>
MM_INLINE void scoreTile(const AttentionCall& call, const float* q, const float* keys, float* scores,
                         std::int64_t scoreStride, float* tile) {
    for (std::int64_t key = 0; key < call.tokens; key += kPanel, keys += call.headSize * kPanel) {
        const bool half = call.tokens - key <= kLanes;
        if (half)
            multiply<Rows, 1>(q, call.stride, keys, kPanel, call.headSize, keys, tile);
        else
            multiply<Rows, kPanelVectors>(q, call.stride, keys, kPanel, call.headSize, keys, tile);
        for (std::int64_t i = 0; i < Rows; ++i) {
            store(scores + i * scoreStride + key, load(tile + i * kPanel));
            if (!half)
                store(scores + i * scoreStride + key + kLanes, load(tile + i * kPanel + kLanes));
        }
    }
}

void attention(const AttentionCall& call) {
    const std::int64_t padded = (call.tokens + kLanes - 1) / kLanes * kLanes;
    const std::int64_t scoreStride = paddedTokens(call.tokens) + kLanes;
    float* keys = call.scratch;
    float* scores = keys + paddedTokens(call.tokens) * call.headSize;
    alignas(64) float tile[kTileRows * kPanel];
    float inverse[kTileRows];
    for (std::int64_t key = 0; key < call.tokens; key += kPanel) {
        const std::int64_t count = call.tokens - key < kPanel ? call.tokens - key : kPanel;
        transposeKeys(call.k + key * call.stride, call.stride, count, call.headSize, keys + key * call.headSize);
    }
    for (std::int64_t row = 0; row < call.tokens;) {
        const std::int64_t rows = tileHeight(call.tokens - row);
        const float* q = call.q + row * call.stride;
        withRows(rows, [&]<std::int64_t Rows>() { scoreTile<Rows>(call, q, keys, scores, scoreStride, tile); });
        for (std::int64_t i = 0; i < rows; ++i)
            inverse[i] = softmaxRow(scores + i * scoreStride, call.tokens, padded, call.scale,
                                    call.relativeBias != nullptr ? call.relativeBias - (row + i) : nullptr);
        for (std::int64_t column = 0; column < call.headSize; column += kPanel) {
            withRows(rows, [&]<std::int64_t Rows>() {
                multiply<Rows, kPanelVectors>(scores, scoreStride, call.v + column, call.stride, call.tokens, scores,
                                              tile);
            });
            const std::int64_t width = call.headSize - column < kPanel ? call.headSize - column : kPanel;
            const std::int64_t at = row * call.outStride + column;
            if (call.bf16Output)
                writeScaled(tile, rows, inverse, width, static_cast<Bf16*>(call.out) + at, call.outStride);
            else
                writeScaled(tile, rows, inverse, width, static_cast<float*>(call.out) + at, call.outStride);
        }
        row += rows;
    }
}

} // namespace
} // namespace mm::worker::kernels
