#include "worker/architectures/bert.h"

#include "worker/architectures/transformer_config.h"
#include "worker/architectures/transformer_encoder.h"

#include <nlohmann/json.hpp>

namespace mm::worker {

namespace {

constexpr LayerNames kLayerNames{
    .query = "attention.self.query",
    .key = "attention.self.key",
    .value = "attention.self.value",
    .attentionOut = "attention.output.dense",
    .attentionNorm = "attention.output.LayerNorm",
    .up = "intermediate.dense",
    .down = "output.dense",
    .outputNorm = "output.LayerNorm",
};

} // namespace

TransformerWeights takeBertWeights(Weights& weights, const TransformerShape& shape, std::int64_t layers) {
    TransformerWeights all;
    all.shape = shape;
    all.words = weights.take("embeddings.word_embeddings.weight", {shape.vocabulary, shape.hidden});
    all.positions = weights.take("embeddings.position_embeddings.weight", {shape.positions, shape.hidden});
    all.types = weights.take("embeddings.token_type_embeddings.weight", {shape.types, shape.hidden});
    all.embeddingNorm = takeNorm(weights, "embeddings.LayerNorm", shape.hidden);
    all.layers = takeLayers(weights, "encoder.layer.", layers, kLayerNames, shape);
    return all;
}

namespace {

std::unique_ptr<Encoder> createBert(const nlohmann::json& json, Weights& weights, const EncoderOptions& options) {
    const JsonFields config(json, "config.json");
    refuseVariants(config);
    TransformerShape shape = readShape(config);
    shape.types = config.size("type_vocab_size").value_or(2);
    checkShape(shape, config);
    PrefixedWeights own = withPrefix(weights, {"", "bert."}, "embeddings.word_embeddings.weight");
    return makeTransformerEncoder(takeBertWeights(own, shape, readLayerCount(config)), options);
}

// The pooler, which embeddings do without, is this family's first layer.
ClassifierWeights takeBertClassifier(Weights& weights, std::int64_t hidden, std::int64_t labels) {
    const std::string prefix = weights.has("bert.pooler.dense.weight") ? "bert." : "";
    return takeClassifier(weights, prefix + "pooler.dense", kernels::Activation::Tanh, "classifier", hidden, labels);
}

} // namespace

void registerBert(ArchitectureRegistry& registry) {
    registry.add("bert", {createBert, takeBertClassifier});
}

} // namespace mm::worker
