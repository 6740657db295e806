#include "worker/tasks/embed/sentence_pipeline.h"

#include "worker/model/safetensors_weights.h"
#include "worker/runtime/failure.h"
#include "worker/runtime/pooling.h"

#include <ATen/ops/cat.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/lerp.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/relu.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/tanh.h>
#include <ATen/ops/tensor.h>

#include <algorithm>

namespace mm::worker {
namespace {

// Vectors without the prompts' tokens, and what of the positions that weighted means count from.
struct WithoutPrompts {
    at::Tensor hidden;
    std::vector<std::int32_t> offsets{0};
    std::vector<float> skipped;
};

WithoutPrompts leaveOutPrompts(const at::Tensor& hidden, std::span<const std::int32_t> offsets,
                               std::span<const std::int32_t> promptTokens) {
    WithoutPrompts rest;
    std::vector<std::int64_t> rows;
    for (std::size_t i = 0; i + 1 < offsets.size(); ++i) {
        // A sequence that is nothing but prompt keeps its last token, so that there is something to pool.
        const std::int32_t begin = std::min(offsets[i] + promptTokens[i], offsets[i + 1] - 1);
        for (std::int32_t row = begin; row < offsets[i + 1]; ++row)
            rows.push_back(row);
        rest.skipped.push_back(static_cast<float>(begin - offsets[i]));
        rest.offsets.push_back(static_cast<std::int32_t>(rows.size()));
    }
    rest.hidden = at::index_select(hidden, 0, at::tensor(rows, at::kLong).to(hidden.device()));
    return rest;
}

// Positions count from the start of the whole sequence: the weights of the n tokens behind p skipped ones are
// p+1 … p+n, which is the weighted mean from 1 and the plain mean, mixed in these shares.
at::Tensor weightedBehindPrompt(const WithoutPrompts& rest) {
    std::vector<float> shares;
    for (std::size_t i = 0; i < rest.skipped.size(); ++i) {
        const auto n = static_cast<float>(rest.offsets[i + 1] - rest.offsets[i]);
        const float ownWeight = n * (n + 1) / 2;
        shares.push_back(ownWeight / (ownWeight + rest.skipped[i] * n));
    }
    const at::Tensor weighted = pool(rest.hidden, rest.offsets, PoolingMode::WeightedMean);
    const at::Tensor mean = pool(rest.hidden, rest.offsets, PoolingMode::Mean);
    const at::Tensor share = at::tensor(shares, at::kFloat).to(mean.device()).unsqueeze(1);
    return at::lerp(mean, weighted, share);
}

at::Tensor activate(at::Tensor x, DenseActivation activation) {
    switch (activation) {
    case DenseActivation::Identity:
        return x;
    case DenseActivation::Tanh:
        return at::tanh(x);
    case DenseActivation::Relu:
        return at::relu(x);
    case DenseActivation::Gelu:
        return at::gelu(x);
    case DenseActivation::Sigmoid:
        return at::sigmoid(x);
    case DenseActivation::Silu:
        return at::silu(x);
    }
    return x;
}

at::Tensor takeCopy(Weights& weights, const char* name, std::vector<std::int64_t> shape) {
    return weights.take(name, std::move(shape)).to(at::kFloat, /*non_blocking=*/false, /*copy=*/true);
}

} // namespace

std::unique_ptr<SentencePipeline> SentencePipeline::create(const SentenceModules& modules, int hiddenSize) {
    auto pipeline = std::make_unique<SentencePipeline>();
    pipeline->m_modes = modules.pooling.modes;
    if (modules.pooling.dimension != 0 && modules.pooling.dimension != hiddenSize)
        throw Failure(ErrorCode::InvalidModelFiles,
                      "the pooling module expects vectors of " + std::to_string(modules.pooling.dimension) +
                          " values, but the transformer gives " + std::to_string(hiddenSize),
                      {{"file", (modules.transformer / "modules.json").string()}});
    pipeline->m_dimension = hiddenSize * static_cast<int>(pipeline->m_modes.size());
    for (std::size_t i = 0; i < modules.afterPooling.size(); ++i) {
        const SentenceModule& module = modules.afterPooling[i];
        if (const auto* dense = std::get_if<DenseModule>(&module))
            pipeline->addDense(*dense);
        else if (const auto* norm = std::get_if<LayerNormModule>(&module))
            pipeline->addLayerNorm(*norm);
        else if (i + 1 < modules.afterPooling.size())
            pipeline->m_layers.emplace_back([](at::Tensor x) {
                normalizeRows(x);
                return x;
            });
    }
    return pipeline;
}

void SentencePipeline::checkWidth(const std::filesystem::path& folder, int width) const {
    if (width != m_dimension)
        throw Failure(ErrorCode::InvalidModelFiles,
                      (folder / "config.json").string() + " expects vectors of " + std::to_string(width) +
                          " values, but the module before it gives " + std::to_string(m_dimension),
                      {{"file", (folder / "config.json").string()}});
}

void SentencePipeline::addDense(const DenseModule& module) {
    checkWidth(module.folder, module.inFeatures);
    SafetensorsWeights weights(WeightFiles::open(module.folder));
    const at::Tensor weight = takeCopy(weights, "linear.weight", {module.outFeatures, module.inFeatures});
    const at::Tensor bias = module.bias ? takeCopy(weights, "linear.bias", {module.outFeatures}) : at::Tensor();
    m_layers.emplace_back([weight, bias, activation = module.activation](at::Tensor x) {
        return activate(bias.defined() ? at::linear(x, weight, bias) : at::linear(x, weight), activation);
    });
    m_dimension = module.outFeatures;
    m_parameters += weight.numel() + (bias.defined() ? bias.numel() : 0);
}

void SentencePipeline::addLayerNorm(const LayerNormModule& module) {
    constexpr double kEpsilon = 1e-5;
    checkWidth(module.folder, module.dimension);
    SafetensorsWeights weights(WeightFiles::open(module.folder));
    const at::Tensor weight = takeCopy(weights, "norm.weight", {module.dimension});
    const at::Tensor bias = takeCopy(weights, "norm.bias", {module.dimension});
    m_layers.emplace_back([weight, bias, size = std::int64_t{module.dimension}](at::Tensor x) {
        return at::layer_norm(x, {size}, weight, bias, kEpsilon);
    });
    m_parameters += weight.numel() + bias.numel();
}

at::Tensor SentencePipeline::run(const at::Tensor& hidden, std::span<const std::int32_t> offsets,
                                 std::span<const std::int32_t> promptTokens) const {
    const bool skip = std::any_of(promptTokens.begin(), promptTokens.end(), [](std::int32_t n) { return n > 0; });
    const WithoutPrompts rest = skip ? leaveOutPrompts(hidden, offsets, promptTokens) : WithoutPrompts{};
    std::vector<at::Tensor> pooled;
    for (const PoolingMode mode : m_modes) {
        if (!skip)
            pooled.push_back(pool(hidden, offsets, mode));
        else if (mode == PoolingMode::WeightedMean)
            pooled.push_back(weightedBehindPrompt(rest));
        else
            pooled.push_back(pool(rest.hidden, rest.offsets, mode));
    }
    at::Tensor vectors = pooled.size() == 1 ? pooled.front() : at::cat(pooled, 1);
    for (const Layer& layer : m_layers)
        vectors = layer(std::move(vectors));
    return vectors.to(at::kCPU, at::kFloat).contiguous();
}

} // namespace mm::worker
