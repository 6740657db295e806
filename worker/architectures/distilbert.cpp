#include "worker/architectures/distilbert.h"

#include "worker/architectures/transformer_config.h"
#include "worker/architectures/transformer_encoder.h"

#include <nlohmann/json.hpp>

namespace mm::worker {

namespace {

TransformerShape readDistilbertShape(const JsonFields& config) {
    TransformerShape shape;
    shape.hidden = config.requiredSize("dim");
    shape.heads = config.requiredSize("n_heads");
    shape.intermediate = config.requiredSize("hidden_dim");
    shape.vocabulary = config.requiredSize("vocab_size");
    shape.positions = config.requiredSize("max_position_embeddings");
    shape.activation = activationNamed(config.text("activation").value_or("gelu"));
    checkShape(shape, config);
    return shape;
}

constexpr LayerNames kLayerNames{
    .query = "attention.q_lin",
    .key = "attention.k_lin",
    .value = "attention.v_lin",
    .attentionOut = "attention.out_lin",
    .attentionNorm = "sa_layer_norm",
    .up = "ffn.lin1",
    .down = "ffn.lin2",
    .outputNorm = "output_layer_norm",
};

std::unique_ptr<Encoder> createDistilbert(const nlohmann::json& json, Weights& weights, const EncoderOptions& options) {
    const JsonFields config(json, "config.json");
    const TransformerShape shape = readDistilbertShape(config);
    PrefixedWeights own = withPrefix(weights, {"", "distilbert."}, "embeddings.word_embeddings.weight");
    TransformerWeights all;
    all.shape = shape;
    all.words = own.take("embeddings.word_embeddings.weight", {shape.vocabulary, shape.hidden});
    all.positions = own.take("embeddings.position_embeddings.weight", {shape.positions, shape.hidden});
    all.embeddingNorm = takeNorm(own, "embeddings.LayerNorm", shape.hidden);
    const int layers = config.requiredSize("n_layers");
    all.layers = takeLayers(own, "transformer.layer.", layers, kLayerNames, shape);
    return makeTransformerEncoder(all, options);
}

ClassifierWeights takeDistilbertClassifier(Weights& weights, std::int64_t hidden, std::int64_t labels) {
    return takeClassifier(weights, "pre_classifier", kernels::Activation::Relu, "classifier", hidden, labels);
}

} // namespace

void registerDistilbert(ArchitectureRegistry& registry) {
    registry.add("distilbert", {createDistilbert, takeDistilbertClassifier});
}

} // namespace mm::worker
