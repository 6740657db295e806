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

TransformerLayerWeights takeLayer(Weights& weights, const std::string& at, const TransformerShape& shape) {
    TransformerLayerWeights layer;
    layer.query = takeLinear(weights, at + "attention.q_lin", shape.hidden, shape.hidden);
    layer.key = takeLinear(weights, at + "attention.k_lin", shape.hidden, shape.hidden);
    layer.value = takeLinear(weights, at + "attention.v_lin", shape.hidden, shape.hidden);
    layer.attentionOut = takeLinear(weights, at + "attention.out_lin", shape.hidden, shape.hidden);
    layer.attentionNorm = takeNorm(weights, at + "sa_layer_norm", shape.hidden);
    layer.up = takeLinear(weights, at + "ffn.lin1", shape.intermediate, shape.hidden);
    layer.down = takeLinear(weights, at + "ffn.lin2", shape.hidden, shape.intermediate);
    layer.outputNorm = takeNorm(weights, at + "output_layer_norm", shape.hidden);
    return layer;
}

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
    for (int i = 0; i < layers; ++i)
        all.layers.push_back(takeLayer(own, "transformer.layer." + std::to_string(i) + ".", shape));
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
