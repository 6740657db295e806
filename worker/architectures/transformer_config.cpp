#include "worker/architectures/transformer_config.h"

#include "worker/runtime/failure.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <utility>

namespace mm::worker {

kernels::Activation activationNamed(const std::string& name) {
    using kernels::Activation;
    static constexpr std::pair<std::string_view, Activation> kNames[] = {
        {"gelu", Activation::Gelu},
        {"gelu_python", Activation::Gelu},
        {"gelu_new", Activation::GeluTanh},
        {"gelu_fast", Activation::GeluTanh},
        {"gelu_pytorch_tanh", Activation::GeluTanh},
        {"quick_gelu", Activation::QuickGelu},
        {"relu", Activation::Relu},
        {"silu", Activation::Silu},
        {"swish", Activation::Silu},
        {"tanh", Activation::Tanh},
        {"linear", Activation::None},
    };
    std::string known;
    for (const auto& [text, activation] : kNames) {
        if (name == text)
            return activation;
        known += (known.empty() ? "" : ", ") + std::string(text);
    }
    throw Failure(ErrorCode::UnsupportedModel,
                  "config.json: the activation '" + name + "' is not implemented; known are " + known,
                  {{"activation", name}});
}

TransformerShape readShape(const JsonFields& config) {
    TransformerShape shape;
    shape.hidden = config.requiredSize("hidden_size");
    shape.heads = config.requiredSize("num_attention_heads");
    shape.intermediate = config.requiredSize("intermediate_size");
    shape.vocabulary = config.requiredSize("vocab_size");
    shape.positions = config.requiredSize("max_position_embeddings");
    shape.activation = activationNamed(config.text("hidden_act").value_or("gelu"));
    if (const nlohmann::json* epsilon = config.find("layer_norm_eps")) {
        if (!epsilon->is_number() || !(epsilon->get<double>() > 0) || epsilon->get<double>() > 1)
            config.refuse("layer_norm_eps", "is not a number between 0 and 1");
        shape.epsilon = epsilon->get<float>();
    }
    return shape;
}

std::int64_t readLayerCount(const JsonFields& config) {
    return config.requiredSize("num_hidden_layers");
}

void checkShape(const TransformerShape& shape, const JsonFields& config) {
    if (shape.hidden % shape.heads != 0)
        config.refuse("num_attention_heads", "(" + std::to_string(shape.heads) + ") does not divide the hidden size " +
                                                 std::to_string(shape.hidden));
    if (usablePositions(shape) < 1)
        config.refuse("max_position_embeddings", "leaves no position for a token");
}

void refuseVariants(const JsonFields& config) {
    const std::string positions = config.text("position_embedding_type").value_or("absolute");
    if (positions != "absolute")
        throw Failure(ErrorCode::UnsupportedModel,
                      "config.json: position_embedding_type '" + positions + "' is not implemented, only 'absolute' is",
                      {{"position_embedding_type", positions}});
    for (const char* key : {"is_decoder", "add_cross_attention"})
        if (config.flag(key).value_or(false))
            throw Failure(ErrorCode::UnsupportedModel,
                          std::string("config.json: ") + key +
                              " is set, but only encoders are implemented for this family");
}

PrefixedWeights withPrefix(Weights& weights, std::initializer_list<const char*> prefixes, const std::string& known) {
    for (const char* prefix : prefixes)
        if (weights.has(prefix + known))
            return {weights, prefix};
    return {weights, ""};
}

LinearWeights takeLinear(Weights& weights, const std::string& name, std::int64_t columns, std::int64_t depth) {
    return {weights.take(name + ".weight", {columns, depth}), weights.take(name + ".bias", {columns})};
}

ClassifierWeights takeClassifier(Weights& weights, const std::string& dense, kernels::Activation activation,
                                 const std::string& out, std::int64_t hidden, std::int64_t labels) {
    for (const std::string& layer : {dense, out})
        if (!weights.has(layer + ".weight"))
            throw Failure(ErrorCode::InvalidModelFiles,
                          "the checkpoint has no classification head: the tensor '" + layer +
                              ".weight' is missing. An encoder without a head can embed (txt2embed); to classify or "
                              "score, give the model that was trained for it",
                          {{"tensor", layer + ".weight"}});
    return {takeLinear(weights, dense, hidden, hidden), activation, takeLinear(weights, out, labels, hidden)};
}

ClassifierWeights takeRobertaClassifier(Weights& weights, std::int64_t hidden, std::int64_t labels) {
    return takeClassifier(weights, "classifier.dense", kernels::Activation::Tanh, "classifier.out_proj", hidden,
                          labels);
}

NormWeights takeNorm(Weights& weights, const std::string& name, std::int64_t size) {
    const bool old = !weights.has(name + ".weight") && weights.has(name + ".gamma");
    return {weights.take(name + (old ? ".gamma" : ".weight"), {size}),
            weights.take(name + (old ? ".beta" : ".bias"), {size})};
}

std::vector<TransformerLayerWeights> takeLayers(Weights& weights, const std::string& prefix, std::int64_t count,
                                                const LayerNames& names, const TransformerShape& shape) {
    std::vector<TransformerLayerWeights> layers;
    for (std::int64_t i = 0; i < count; ++i) {
        const std::string at = prefix + std::to_string(i) + ".";
        TransformerLayerWeights layer;
        layer.query = takeLinear(weights, at + names.query, shape.hidden, shape.hidden);
        layer.key = takeLinear(weights, at + names.key, shape.hidden, shape.hidden);
        layer.value = takeLinear(weights, at + names.value, shape.hidden, shape.hidden);
        layer.attentionOut = takeLinear(weights, at + names.attentionOut, shape.hidden, shape.hidden);
        layer.attentionNorm = takeNorm(weights, at + names.attentionNorm, shape.hidden);
        layer.up = takeLinear(weights, at + names.up, shape.intermediate, shape.hidden);
        layer.down = takeLinear(weights, at + names.down, shape.hidden, shape.intermediate);
        layer.outputNorm = takeNorm(weights, at + names.outputNorm, shape.hidden);
        layers.push_back(std::move(layer));
    }
    return layers;
}

} // namespace mm::worker
