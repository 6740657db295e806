// The matrix product of linear(): a register tile of kTileRows x two vectors, with the weights streamed in panels and
// the bias, activation and residual applied while the tile is in the first-level cache. Included by kernels_*.cpp only.
#pragma once

#include "worker/runtime/kernels/simd.h"

namespace mm::worker::kernels {
namespace {

constexpr std::int64_t kPanelVectors = 2;
constexpr std::int64_t kPanel = kPanelVectors * kLanes;
constexpr std::int64_t kTileRows = kLanes == 16 ? 14 : 6; // as many sums as the registers hold

// How far ahead of use weights are asked for: rows of a panel for the first-level cache. The next panel is called into
// the second level meanwhile, one line per step, because the hardware's prefetcher stops at every 4 KiB.
constexpr std::int64_t kAhead = 16;
constexpr std::int64_t kLine = 64;

MM_INLINE void callAhead(const void* from, std::int64_t line) {
    __builtin_prefetch(static_cast<const char*>(from) + line * kLine, 0, 2);
}

template <std::int64_t Rows, std::int64_t Vectors>
struct Tile {
    Floats sums[Rows][Vectors];

    MM_INLINE Tile() {
#pragma GCC unroll 16
        for (std::int64_t i = 0; i < Rows; ++i)
#pragma GCC unroll 4
            for (std::int64_t j = 0; j < Vectors; ++j)
                sums[i][j] = Floats{};
    }

    MM_INLINE void add(const float* a, std::int64_t stride, const Floats* b) {
#pragma GCC unroll 16
        for (std::int64_t i = 0; i < Rows; ++i) {
            const Floats factor = broadcast(a[i * stride]);
#pragma GCC unroll 4
            for (std::int64_t j = 0; j < Vectors; ++j)
                sums[i][j] += factor * b[j];
        }
    }

    MM_INLINE void write(float* to) const {
#pragma GCC unroll 16
        for (std::int64_t i = 0; i < Rows; ++i)
#pragma GCC unroll 4
            for (std::int64_t j = 0; j < Vectors; ++j)
                store(to + i * kPanel + j * kLanes, sums[i][j]);
    }
};

// tile[Rows][kPanel] = a[Rows, depth] * b[depth, Vectors * kLanes]; next is memory that will be wanted soon.
template <std::int64_t Rows, std::int64_t Vectors>
[[gnu::noinline]] void multiply(const float* a, std::int64_t aStride, const float* b, std::int64_t bStride,
                                std::int64_t depth, const void* next, float* tile) {
    Tile<Rows, Vectors> sums;
    for (std::int64_t k = 0; k < depth; ++k, b += bStride) {
        Floats row[Vectors];
        callAhead(next, k);
#pragma GCC unroll 4
        for (std::int64_t j = 0; j < Vectors; ++j) {
            row[j] = load(b + j * kLanes);
            __builtin_prefetch(b + kAhead * bStride + j * kLanes);
        }
        sums.add(a + k, aStride, row);
    }
    sums.write(tile);
}

// The same with weights in bf16, two rows of a panel side by side: [depth / 2][kPanel][2].
template <std::int64_t Rows>
[[gnu::noinline]] void multiplyWidening(const float* a, std::int64_t aStride, const Bf16* b, std::int64_t depth,
                                        const void* next, float* tile) {
    Tile<Rows, kPanelVectors> sums;
    for (std::int64_t k = 0; k < depth; k += 2, b += 2 * kPanel) {
        callAhead(next, k / 2);
        Floats even[kPanelVectors];
        Floats odd[kPanelVectors];
#pragma GCC unroll 4
        for (std::int64_t j = 0; j < kPanelVectors; ++j) {
            Words pair;
            __builtin_memcpy(&pair, b + 2 * j * kLanes, sizeof pair);
            __builtin_prefetch(b + 2 * kAhead * kPanel + 2 * j * kLanes);
            even[j] = (Floats)(pair << 16);
            odd[j] = (Floats)(pair & 0xffff0000u);
        }
        sums.add(a + k, aStride, even);
        sums.add(a + k + 1, aStride, odd);
    }
    sums.write(tile);
}

#if defined(__AVX512BF16__)
template <std::int64_t Rows>
[[gnu::noinline]] void multiplyDot(const Bf16* a, std::int64_t aStride, const Bf16* b, std::int64_t depth,
                                   const void* next, float* tile) {
    Tile<Rows, kPanelVectors> sums;
    for (std::int64_t k = 0; k < depth; k += 2, b += 2 * kPanel) {
        callAhead(next, k / 2);
        __m512i pair[kPanelVectors];
#pragma GCC unroll 4
        for (std::int64_t j = 0; j < kPanelVectors; ++j) {
            pair[j] = _mm512_loadu_si512(b + 2 * j * kLanes);
            __builtin_prefetch(b + 2 * kAhead * kPanel + 2 * j * kLanes);
        }
#pragma GCC unroll 16
        for (std::int64_t i = 0; i < Rows; ++i) {
            int bits;
            __builtin_memcpy(&bits, a + i * aStride + k, sizeof bits);
            const __m512bh factor = (__m512bh)_mm512_set1_epi32(bits);
#pragma GCC unroll 4
            for (std::int64_t j = 0; j < kPanelVectors; ++j)
                sums.sums[i][j] = _mm512_dpbf16_ps(sums.sums[i][j], factor, (__m512bh)pair[j]);
        }
    }
    sums.write(tile);
}
#endif

// Calls step with the number of rows as a compile-time constant.
template <std::int64_t Rows = kTileRows, typename Step>
MM_INLINE void withRows(std::int64_t rows, Step step) {
    if constexpr (Rows > 1) {
        if (rows < Rows)
            return withRows<Rows - 1>(rows, step);
    }
    step.template operator()<Rows>();
}

// Rows of the next tile, so that all tiles of a block are nearly equally high.
MM_INLINE std::int64_t tileHeight(std::int64_t rowsLeft) {
    const std::int64_t tiles = (rowsLeft + kTileRows - 1) / kTileRows;
    return (rowsLeft + tiles - 1) / tiles;
}

MM_INLINE Floats activated(Floats x, Activation activation) {
    switch (activation) {
    case Activation::None:
        return x;
    case Activation::Gelu:
        return gelu(x);
    case Activation::GeluTanh:
        return geluTanh(x);
    case Activation::QuickGelu:
        return x * sigmoid(1.702f * x);
    case Activation::Relu:
        return larger(x, Floats{});
    case Activation::Silu:
        return x * sigmoid(x);
    case Activation::Tanh:
        return 2.0f * sigmoid(2.0f * x) - 1.0f;
    }
    return x;
}

template <typename Out>
MM_INLINE void finishTile(const LinearCall& call, const float* tile, std::int64_t row, std::int64_t rows,
                          std::int64_t column) {
    const std::int64_t width = call.columns - column < kPanel ? call.columns - column : kPanel;
    for (std::int64_t i = 0; i < rows; ++i) {
        Out* out = static_cast<Out*>(call.out) + (row + i) * call.outStride + column;
        const float* residual =
            call.residual != nullptr ? call.residual + (row + i) * call.residualStride + column : nullptr;
        for (std::int64_t j = 0; j < width; j += kLanes) {
            const Floats sum = load(tile + i * kPanel + j) + load(call.bias + column + j);
            Floats value = activated(sum, call.activation);
            const std::int64_t left = width - j;
            if (left >= kLanes) {
                if (residual != nullptr)
                    value += load(residual + j);
                store(out + j, value);
            } else {
                if (residual != nullptr)
                    value += loadPart(residual + j, left);
                storePart(out + j, value, left);
            }
        }
    }
}

MM_INLINE void widen(const Bf16* panel, std::int64_t depth, float* to) {
    for (std::int64_t k = 0; k < depth; k += 2, panel += 2 * kPanel, to += 2 * kPanel) {
        for (std::int64_t j = 0; j < kPanelVectors; ++j) {
            Words pair;
            __builtin_memcpy(&pair, panel + 2 * j * kLanes, sizeof pair);
            store(to + j * kLanes, (Floats)(pair << 16));
            store(to + kPanel + j * kLanes, (Floats)(pair & 0xffff0000u));
        }
    }
}

// Which half of the next panel a tile calls ahead: the first two tiles of a panel share that work.
MM_INLINE const void* nextHalf(const void* panel, std::int64_t panelBytes, std::int64_t tileIndex) {
    return static_cast<const char*>(panel) + panelBytes + (tileIndex & 1) * (panelBytes / 2);
}

void linear(const LinearCall& call) {
    alignas(64) float tile[kTileRows * kPanel];
    const std::int64_t pairedDepth = (call.depth + 1) / 2 * 2;
    const bool widenFirst = call.bf16Weights && !call.bf16Input && call.rows > 2 * kTileRows;
    const std::int64_t panelBytes = kPanel * (call.bf16Weights ? pairedDepth * static_cast<std::int64_t>(sizeof(Bf16))
                                                               : call.depth * static_cast<std::int64_t>(sizeof(float)));
    for (std::int64_t panel = call.panelBegin; panel < call.panelEnd; ++panel) {
        const char* weights = static_cast<const char*>(call.panels) + panel * panelBytes;
        const auto* pairs = reinterpret_cast<const Bf16*>(weights);
        const auto* floats = reinterpret_cast<const float*>(weights);
        if (widenFirst) {
            widen(pairs, pairedDepth, call.widened);
            floats = call.widened;
        }
        std::int64_t tileIndex = 0;
        for (std::int64_t row = 0; row < call.rows; ++tileIndex) {
            const std::int64_t rows = tileHeight(call.rows - row);
            const void* next = nextHalf(weights, panelBytes, tileIndex);
            const float* a = static_cast<const float*>(call.a) + row * call.aStride;
            [[maybe_unused]] const Bf16* aBf16 = static_cast<const Bf16*>(call.a) + row * call.aStride;
            withRows(rows, [&]<std::int64_t Rows>() {
#if defined(__AVX512BF16__)
                if (call.bf16Input)
                    return multiplyDot<Rows>(aBf16, call.aStride, pairs, pairedDepth, next, tile);
#endif
                if (call.bf16Weights && !widenFirst)
                    return multiplyWidening<Rows>(a, call.aStride, pairs, pairedDepth, next, tile);
                multiply<Rows, kPanelVectors>(a, call.aStride, floats, kPanel, call.depth, next, tile);
            });
            if (call.bf16Output)
                finishTile<Bf16>(call, tile, row, rows, panel * kPanel);
            else
                finishTile<float>(call, tile, row, rows, panel * kPanel);
            row += rows;
        }
    }
}

} // namespace
} // namespace mm::worker::kernels
