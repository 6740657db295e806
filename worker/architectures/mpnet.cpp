#include "worker/architectures/mpnet.h"

#include "worker/architectures/transformer_config.h"
#include "worker/architectures/transformer_encoder.h"

#include <nlohmann/json.hpp>

namespace mm::worker {

namespace {

// The reference implementation fixes it, whatever pad_token_id says.
constexpr std::int64_t kPaddingToken = 1;

TransformerLayerWeights takeLayer(Weights& weights, const std::string& at, const TransformerShape& shape) {
    TransformerLayerWeights layer;
    layer.query = takeLinear(weights, at + "attention.attn.q", shape.hidden, shape.hidden);
    layer.key = takeLinear(weights, at + "attention.attn.k", shape.hidden, shape.hidden);
    layer.value = takeLinear(weights, at + "attention.attn.v", shape.hidden, shape.hidden);
    layer.attentionOut = takeLinear(weights, at + "attention.attn.o", shape.hidden, shape.hidden);
    layer.attentionNorm = takeNorm(weights, at + "attention.LayerNorm", shape.hidden);
    layer.up = takeLinear(weights, at + "intermediate.dense", shape.intermediate, shape.hidden);
    layer.down = takeLinear(weights, at + "output.dense", shape.hidden, shape.intermediate);
    layer.outputNorm = takeNorm(weights, at + "output.LayerNorm", shape.hidden);
    return layer;
}

std::unique_ptr<Encoder> createMpnet(const nlohmann::json& json, Weights& weights, const EncoderOptions& options) {
    const JsonFields config(json, "config.json");
    TransformerShape shape = readShape(config);
    shape.paddingToken = kPaddingToken;
    shape.firstPosition = kPaddingToken + 1;
    checkShape(shape, config);
    const std::int64_t buckets = config.size("relative_attention_num_buckets").value_or(32);
    if (buckets < 4)
        config.refuse("relative_attention_num_buckets", "is less than 4");

    PrefixedWeights own = withPrefix(weights, {"", "mpnet."}, "embeddings.word_embeddings.weight");
    TransformerWeights all;
    all.shape = shape;
    all.words = own.take("embeddings.word_embeddings.weight", {shape.vocabulary, shape.hidden});
    all.positions = own.take("embeddings.position_embeddings.weight", {shape.positions, shape.hidden});
    all.embeddingNorm = takeNorm(own, "embeddings.LayerNorm", shape.hidden);
    all.relativeBias = own.take("encoder.relative_attention_bias.weight", {buckets, shape.heads});
    const std::int64_t layers = readLayerCount(config);
    for (std::int64_t i = 0; i < layers; ++i)
        all.layers.push_back(takeLayer(own, "encoder.layer." + std::to_string(i) + ".", shape));
    return makeTransformerEncoder(all, options);
}

} // namespace

void registerMpnet(ArchitectureRegistry& registry) {
    registry.add("mpnet", {createMpnet, takeRobertaClassifier});
}

} // namespace mm::worker
