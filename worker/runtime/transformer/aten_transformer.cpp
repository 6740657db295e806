#include "worker/runtime/transformer/aten_transformer.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/tanh.h>

#include <algorithm>
#include <limits>

namespace mm::worker {

namespace {

at::Tensor toDevice(const std::vector<std::int64_t>& values, c10::Device device) {
    at::Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())}, at::TensorOptions().dtype(at::kLong));
    std::copy(values.begin(), values.end(), tensor.mutable_data_ptr<std::int64_t>());
    return tensor.to(device);
}

at::Tensor activated(const at::Tensor& x, kernels::Activation activation) {
    using kernels::Activation;
    switch (activation) {
    case Activation::None:
        return x;
    case Activation::Gelu:
        return at::gelu(x);
    case Activation::GeluTanh:
        return at::gelu(x, "tanh");
    case Activation::QuickGelu:
        return x * at::sigmoid(x * 1.702);
    case Activation::Relu:
        return at::relu(x);
    case Activation::Silu:
        return at::silu(x);
    case Activation::Tanh:
        return at::tanh(x);
    }
    return x;
}

} // namespace

struct AtenTransformer::Padding {
    std::int64_t sequences = 0;
    std::int64_t longest = 0;
    at::Tensor from; // packed row for every padded place
    at::Tensor back; // padded place of every packed row
    at::Tensor mask; // [sequences, 1 or heads, 1 or longest, longest], added to the scores
};

AtenTransformer::AtenTransformer(const TransformerWeights& weights, Dtype dtype, c10::Device device)
    : m_shape(weights.shape), m_type(dtype == Dtype::Bf16 ? at::kBFloat16 : at::kFloat), m_device(device) {
    m_words = keep(weights.words);
    m_positions = keep(weights.positions);
    if (weights.types.defined())
        m_types = keep(weights.types);
    m_embeddingNorm = keep(weights.embeddingNorm);
    for (const TransformerLayerWeights& layer : weights.layers) {
        const LinearWeights qkv{at::cat({layer.query.weight, layer.key.weight, layer.value.weight}),
                                at::cat({layer.query.bias, layer.key.bias, layer.value.bias})};
        m_layers.push_back({keep(qkv), keep(layer.attentionOut), keep(layer.up), keep(layer.down),
                            keep(layer.attentionNorm), keep(layer.outputNorm)});
    }
    if (weights.relativeBias.defined())
        m_relativeBias = keep(weights.relativeBias);
}

at::Tensor AtenTransformer::keep(const at::Tensor& tensor) {
    at::Tensor kept = tensor.to(m_device, m_type, /*non_blocking=*/false, /*copy=*/true);
    m_bytes += static_cast<std::int64_t>(kept.nbytes());
    return kept;
}

LinearWeights AtenTransformer::keep(const LinearWeights& linear) {
    return {keep(linear.weight), keep(linear.bias)};
}

NormWeights AtenTransformer::keep(const NormWeights& norm) {
    return {keep(norm.gain), keep(norm.shift)};
}

at::Tensor AtenTransformer::normed(const at::Tensor& x, const NormWeights& norm) const {
    return at::layer_norm(x, {m_shape.hidden}, norm.gain, norm.shift, m_shape.epsilon);
}

at::Tensor AtenTransformer::embed(const TokenBatch& batch) const {
    std::vector<std::int32_t> rows(batch.tokens.size());
    for (std::size_t i = 0; i + 1 < batch.offsets.size(); ++i)
        positionRows(m_shape, batch.tokens.data() + batch.offsets[i], batch.offsets[i + 1] - batch.offsets[i],
                     rows.data() + batch.offsets[i]);
    at::Tensor x = at::embedding(m_words, toDevice({batch.tokens.begin(), batch.tokens.end()}, m_device)) +
                   at::embedding(m_positions, toDevice({rows.begin(), rows.end()}, m_device));
    if (m_types.defined()) {
        std::vector<std::int64_t> types(batch.typeIds.begin(), batch.typeIds.end());
        types.resize(batch.tokens.size());
        x = x + at::embedding(m_types, toDevice(types, m_device));
    }
    return normed(x, m_embeddingNorm);
}

AtenTransformer::Padding AtenTransformer::padding(const TokenBatch& batch) const {
    Padding result;
    result.sequences = static_cast<std::int64_t>(batch.offsets.size()) - 1;
    for (std::size_t i = 0; i + 1 < batch.offsets.size(); ++i)
        result.longest = std::max<std::int64_t>(result.longest, batch.offsets[i + 1] - batch.offsets[i]);
    std::vector<std::int64_t> from(static_cast<std::size_t>(result.sequences * result.longest));
    std::vector<std::int64_t> back;
    at::Tensor mask = at::full({result.sequences, 1, 1, result.longest}, -std::numeric_limits<float>::infinity());
    auto* open = mask.mutable_data_ptr<float>();
    for (std::int64_t s = 0; s < result.sequences; ++s)
        for (std::int64_t row = batch.offsets[static_cast<std::size_t>(s)], place = s * result.longest;
             row < batch.offsets[static_cast<std::size_t>(s) + 1]; ++row, ++place) {
            from[static_cast<std::size_t>(place)] = row;
            back.push_back(place);
            open[place] = 0;
        }
    if (m_relativeBias.defined()) {
        std::vector<std::int64_t> buckets;
        for (std::int64_t i = 0; i < result.longest; ++i)
            for (std::int64_t j = 0; j < result.longest; ++j)
                buckets.push_back(relativeBucket(j - i, m_relativeBias.size(0), m_shape.relativeDistance));
        const at::Tensor bias = at::embedding(m_relativeBias, toDevice(buckets, m_device))
                                    .view({1, result.longest, result.longest, m_shape.heads})
                                    .permute({0, 3, 1, 2});
        mask = mask.to(m_device) + bias;
    }
    result.from = toDevice(from, m_device);
    result.back = toDevice(back, m_device);
    result.mask = mask.to(m_device, m_type);
    return result;
}

at::Tensor AtenTransformer::attend(const Layer& layer, const at::Tensor& x, const Padding& padding) const {
    const at::Tensor qkv =
        at::linear(x, layer.qkv.weight, layer.qkv.bias)
            .index_select(0, padding.from)
            .view({padding.sequences, padding.longest, 3, m_shape.heads, m_shape.hidden / m_shape.heads})
            .permute({2, 0, 3, 1, 4});
    const at::Tensor read =
        at::scaled_dot_product_attention(qkv.select(0, 0), qkv.select(0, 1), qkv.select(0, 2), padding.mask)
            .transpose(1, 2)
            .reshape({padding.sequences * padding.longest, m_shape.hidden})
            .index_select(0, padding.back);
    return normed(at::linear(read, layer.attentionOut.weight, layer.attentionOut.bias) + x, layer.attentionNorm);
}

at::Tensor AtenTransformer::run(const TokenBatch& batch) const {
    const Padding places = padding(batch);
    at::Tensor x = embed(batch);
    for (const Layer& layer : m_layers) {
        x = attend(layer, x, places);
        const at::Tensor wide = activated(at::linear(x, layer.up.weight, layer.up.bias), m_shape.activation);
        x = normed(at::linear(wide, layer.down.weight, layer.down.bias) + x, layer.outputNorm);
    }
    return x;
}

} // namespace mm::worker
