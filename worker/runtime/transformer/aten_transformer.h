// The same encoder as CpuTransformer from plain ATen operators, for devices that have libraries of their own (CUDA).
// Plain on purpose: sequences are padded for attention only. One run() at a time; the caller checks sizes and ids.
#pragma once

#include "worker/runtime/transformer/cpu_transformer.h"
#include "worker/runtime/transformer/transformer_weights.h"

#include <c10/core/Device.h>

namespace mm::worker {

class AtenTransformer {
public:
    AtenTransformer(const TransformerWeights& weights, Dtype dtype, c10::Device device);

    // [tokens, hidden] on the device, in the compute type.
    [[nodiscard]] at::Tensor run(const TokenBatch& batch) const;
    [[nodiscard]] std::int64_t parameterBytes() const { return m_bytes; }

private:
    struct Layer {
        LinearWeights qkv, attentionOut, up, down;
        NormWeights attentionNorm, outputNorm;
    };
    struct Padding; // where packed rows lie in a padded batch

    [[nodiscard]] at::Tensor keep(const at::Tensor& tensor);
    [[nodiscard]] LinearWeights keep(const LinearWeights& linear);
    [[nodiscard]] NormWeights keep(const NormWeights& norm);
    [[nodiscard]] at::Tensor embed(const TokenBatch& batch) const;
    [[nodiscard]] Padding padding(const TokenBatch& batch) const;
    [[nodiscard]] at::Tensor attend(const Layer& layer, const at::Tensor& x, const Padding& padding) const;
    [[nodiscard]] at::Tensor normed(const at::Tensor& x, const NormWeights& norm) const;

    TransformerShape m_shape;
    c10::ScalarType m_type;
    c10::Device m_device;
    std::int64_t m_bytes = 0;
    at::Tensor m_words, m_positions, m_types, m_relativeBias;
    NormWeights m_embeddingNorm;
    std::vector<Layer> m_layers;
};

} // namespace mm::worker
