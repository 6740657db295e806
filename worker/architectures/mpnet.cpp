#include "worker/architectures/mpnet.h"

#include "worker/architectures/transformer_config.h"
#include "worker/architectures/transformer_encoder.h"

#include <nlohmann/json.hpp>

namespace mm::worker {

namespace {

// The reference implementation fixes it, whatever pad_token_id says.
constexpr std::int64_t kPaddingToken = 1;

constexpr LayerNames kLayerNames{
    .query = "attention.attn.q",
    .key = "attention.attn.k",
    .value = "attention.attn.v",
    .attentionOut = "attention.attn.o",
    .attentionNorm = "attention.LayerNorm",
    .up = "intermediate.dense",
    .down = "output.dense",
    .outputNorm = "output.LayerNorm",
};

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
    all.layers = takeLayers(own, "encoder.layer.", layers, kLayerNames, shape);
    return makeTransformerEncoder(all, options);
}

} // namespace

void registerMpnet(ArchitectureRegistry& registry) {
    registry.add("mpnet", {createMpnet, takeRobertaClassifier});
}

} // namespace mm::worker
